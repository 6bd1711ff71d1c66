package dev.capstan.agents.memory;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import java.util.Locale;

/** What of a group is to be forgotten. */
public sealed interface Forgetting {
  record One(String id) implements Forgetting {}

  /** Every memory that has this text in it; letters' case does not matter. */
  record Containing(String text) implements Forgetting {
    /** Throws a {@link dev.capstan.kernel.Refusal} of {@code invalid_input}. */
    public Containing {
      text = text.strip();
      if (text.isEmpty()) {
        throw Problem.of(
                ProblemCode.INVALID_INPUT, "say which text the memories to be forgotten have")
            .refusal();
      }
    }
  }

  record All() implements Forgetting {}

  /** Whether this memory is meant. */
  default boolean means(Remembered memory) {
    return switch (this) {
      case One one -> one.id().equals(memory.id());
      case Containing part ->
          memory.text().toLowerCase(Locale.ROOT).contains(part.text().toLowerCase(Locale.ROOT));
      case All all -> true;
    };
  }
}
