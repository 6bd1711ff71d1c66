package dev.capstan.llm;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a call to a model waits for. */
public sealed interface Hold {
  /** When it began to wait. */
  Instant since();

  /** For people: {@code openai tokens/min, free at 12:00:03}. */
  String what();

  /** A rate limit. */
  record ForLimit(Instant since, String what, @Nullable Instant freeAt) implements Hold {}

  /** A budget that others hold a part of. */
  record ForBudget(Instant since, String what) implements Hold {}

  /** The pause before another attempt, often the vendor's own {@code Retry-After}. */
  record ForProvider(Instant since, String what, Instant until) implements Hold {}

  /** The same question, asked by someone else a moment before. */
  record ForSameQuestion(Instant since, String what) implements Hold {}
}
