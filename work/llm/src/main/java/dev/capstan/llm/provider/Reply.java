package dev.capstan.llm.provider;

import dev.capstan.llm.chat.Answer;

/** How an attempt at a provider ended. */
public sealed interface Reply {
  record Answered(Answer answer) implements Reply {}

  record Faulted(Fault fault) implements Reply {}
}
