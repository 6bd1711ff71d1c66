package dev.capstan.agents.agent;

import dev.capstan.agents.memory.Memory;
import dev.capstan.engine.step.Toolbox;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.llm.Gateway;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What every agent of a process shares. */
record AgentHouse(Gateway gateway, Toolbox toolbox, Memory memory, InstantSource clock) {
  private static final String DEFAULT = "default";
  private static final Duration LONGEST = Duration.ofHours(1);

  /**
   * The model of this name, or the one that is called {@code default}. Throws a {@link
   * dev.capstan.kernel.Refusal} of {@code not_found} that says what there is instead.
   */
  String model(@Nullable String wanted) {
    String name = wanted == null ? DEFAULT : wanted;
    List<String> known = gateway.models();
    if (known.contains(name)) {
      return name;
    }
    String shown = name.length() > 60 ? name.substring(0, 60) + "…" : name;
    String what =
        wanted == null
            ? "the agent names no model, and none is called 'default'"
            : "there is no model '" + shown + "'";
    throw Problem.of(
            ProblemCode.NOT_FOUND,
            what
                + "; name one of those that are configured ("
                + String.join(", ", known)
                + "), or configure it: docs/models.md")
        .refusal();
  }

  /** The step's own deadline, or in an hour. */
  Instant deadline(@Nullable Instant ofStep) {
    return ofStep == null ? clock.instant().plus(LONGEST) : ofStep;
  }
}
