package dev.capstan.agents.crew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.journal.MortalJournal;
import dev.capstan.journal.RunEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Kills the process of agents that use a tool which must not be used twice, before and after every
 * write, and once more in the life after that: whenever nobody knows whether it took effect a
 * person is asked, says what is true, and the answer is the same as if nothing had happened.
 */
class OnceCrashTest {
  private static final String ALONE =
      """
      agents: {payer: {role: payer, goal: g, tools: [act, pay]}}
      tasks: {pay: {description: pay it, agent: payer}}
      """;

  private static final String LED =
      """
      process: hierarchical
      manager: {role: chief, goal: g}
      agents: {payer: {role: payer, goal: g, tools: [act, pay]}}
      tasks: {all: {description: have it paid}}
      """;

  private static final String SCRIPT =
      """
      rules:
        - match: {agent: You are chief, turn: 1}
          tools: [{tool: delegate, arguments: {agent: payer, task: pay it}}]
        - match: {agent: You are chief}
          tools: [{tool: finish, arguments: {answer: all is paid}}]
        - match: {turn: 1}
          tools: [{tool: pay, arguments: {n: 1}}, {tool: act, arguments: {n: 2}}]
        - match: {turn: 2}
          tools: [{tool: pay, arguments: {n: 3}}]
        - say: "paid: {{result}}"
      """;

  private static int deaths;
  private static int asked;

  @AfterAll
  static void figure() {
    System.out.println(
        "figure: "
            + deaths
            + " deaths, "
            + asked
            + " times a person was asked, nothing done twice");
  }

  @TestFactory
  Stream<DynamicTest> alone() throws Exception {
    return matrix("alone", ALONE);
  }

  @TestFactory
  Stream<DynamicTest> within_a_manager_s_step() throws Exception {
    return matrix("led", LED);
  }

  private static Stream<DynamicTest> matrix(String name, String crew) throws Exception {
    try (CrewWorld calm = new CrewWorld(crew, SCRIPT)) {
      MortalJournal immortal = calm.journal(Integer.MAX_VALUE, true);
      CrewWorld.End expected = calm.live(immortal);
      assertThat(expected.status()).as(expected.outputs()).isEqualTo("COMPLETED");
      assertThat(calm.done).hasSize(3);
      assertThat(calm.said).isEmpty();
      List<DynamicTest> cells = new ArrayList<>();
      for (int write = 1; write <= immortal.writes(); write++) {
        for (int again = 0; again <= 4; again++) {
          for (boolean written : new boolean[] {false, true}) {
            Deaths at = new Deaths(write, again, written);
            cells.add(DynamicTest.dynamicTest(name + " " + at, () -> cell(crew, at, expected)));
          }
        }
      }
      return cells.stream();
    }
  }

  /**
   * @param again the write of the next life at which it dies once more; 0 when it does not
   */
  private record Deaths(int first, int again, boolean written) {}

  private static void cell(String crew, Deaths at, CrewWorld.End expected) throws Exception {
    try (CrewWorld world = new CrewWorld(crew, SCRIPT)) {
      MortalJournal first = world.journal(at.first(), at.written());
      CrewWorld.End end =
          at.again() == 0
              ? world.live(first)
              : world.live(first, world.journal(at.again(), at.written()));
      assertThat(end).isEqualTo(expected);
      assertThat(world.done.entrySet())
          .filteredOn(each -> !each.getKey().endsWith("{\"n\":2}"))
          .hasSize(2)
          .allMatch(each -> each.getValue() == 1);
      assertThat(world.said).isSubsetOf(RunEvent.Resolution.COMPLETE, RunEvent.Resolution.RETRY);
      deaths += at.again() == 0 ? 1 : 2;
      asked += world.said.size();
    }
  }
}
