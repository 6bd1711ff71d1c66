package dev.capstan.engine;

import dev.capstan.journal.RunEvent.Resolution;
import dev.capstan.journal.StepRef;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Something that a person or a program tells a run to do. {@code by} says who. */
public sealed interface Command {
  /** Start no further step; what is under way ends and is recorded. */
  record Pause(String by, @Nullable String reason) implements Command {}

  record Resume(String by) implements Command {}

  /** Stop what is under way, undo what can be undone, end as cancelled. */
  record Cancel(String by, @Nullable String reason) implements Command {}

  /** Answer an approval step. {@code step} may be null when exactly one waits. */
  record Approve(@Nullable StepRef step, boolean approved, String by, @Nullable String comment)
      implements Command {}

  record Signal(String name, JsonNode payload, @Nullable String by) implements Command {}

  /** Decide what to make of a {@code once} step whose outcome is unknown. */
  record Resolve(StepRef step, Resolution resolution, @Nullable JsonNode output, String by)
      implements Command {}
}
