package dev.capstan.agents.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who can be given a task; the fields mean what they do in {@link AgentTask}.
 *
 * @param name by which a manager asks for it
 */
record Worker(
    String name,
    String role,
    String goal,
    @Nullable String backstory,
    @Nullable String model,
    @Nullable List<String> tools,
    AgentTask.@Nullable Limits limits,
    @Nullable MemoryWish memory,
    @Nullable SamplingWish sampling) {
  /** This worker at work on a piece of a task. */
  AgentTask at(Assignment piece) {
    return new AgentTask(
        name,
        role,
        goal,
        backstory,
        model,
        tools,
        piece.task(),
        piece.expectedOutput(),
        piece.context(),
        piece.outputSchema(),
        limits,
        memory,
        sampling);
  }
}
