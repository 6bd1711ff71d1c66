package dev.capstan.agents.agent;

import dev.capstan.engine.step.Toolbox;
import dev.capstan.llm.Gateway;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What every agent of a process shares. */
record AgentHouse(Gateway gateway, Toolbox toolbox, InstantSource clock) {
  private static final Duration LONGEST = Duration.ofHours(1);

  /** The step's own deadline, or in an hour. */
  Instant deadline(@Nullable Instant ofStep) {
    return ofStep == null ? clock.instant().plus(LONGEST) : ofStep;
  }
}
