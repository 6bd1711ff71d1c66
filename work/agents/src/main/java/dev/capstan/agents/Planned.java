package dev.capstan.agents;

import dev.capstan.kernel.Problem;
import dev.capstan.plan.Plan;

/** What came of planning: all of the prompt, or nothing. */
public sealed interface Planned {
  /**
   * @param plan does everything that the prompt asks for; its output {@code answer} says in words
   *     what came of it
   * @param planner who understood it
   */
  record Understood(Plan plan, String planner) implements Planned {}

  /**
   * @param problem {@code not_understood}, with a mistake for each part of the prompt: its line,
   *     column and very words, and what the planner can do
   */
  record NotUnderstood(Problem problem) implements Planned {}
}
