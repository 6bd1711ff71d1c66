package dev.capstan.llm.chat;

import java.util.Locale;

/** Why the model stopped. */
public enum FinishReason {
  /** It had said all, or met a stop sequence. */
  STOP,
  /** It reached the bound of output tokens, or the end of its context. */
  LENGTH,
  /** It waits for tools. */
  TOOL_CALLS,
  /** The vendor cut it off, or the model refused. */
  CONTENT_FILTER;

  /** As OpenAI's chat completions write it, which most clients know. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
