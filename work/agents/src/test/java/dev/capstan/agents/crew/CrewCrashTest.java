package dev.capstan.agents.crew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.journal.MortalJournal;
import dev.capstan.journal.RunEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Kills the process of crews before and after every write of its journal, and lets another one go
 * on: the same answer, no answer of a model that was written down is asked for again, and what
 * tools did they did by the same key.
 */
class CrewCrashTest {
  private static final String AGENTS =
      """
      agents:
        finder: {role: finder, goal: g, tools: [act]}
        maker: {role: maker, goal: g, tools: [act]}
        teller: {role: teller, goal: g, tools: [act]}
      """;

  private static final String ONE_BY_ONE =
      AGENTS
          + """
          tasks:
            find: {description: find it, agent: finder}
            make: {description: make it, agent: maker}
            tell: {description: tell it, agent: teller}
          """;

  private static final String SIDE_BY_SIDE =
      AGENTS
          + """
          tasks:
            find: {description: find it, agent: finder, async: true}
            make: {description: make it, agent: maker, async: true}
            tell: {description: tell it, agent: teller, async: true}
          outputs: {all: "${steps.find.output.text} ${steps.make.output.text} ${steps.tell.output.text}"}
          """;

  private static final String LED =
      AGENTS.replace("  teller:", "  chief: {role: chief, goal: g}\n  teller:")
          + """
          process: hierarchical
          manager: chief
          tasks:
            all: {description: have it done}
          """;

  private static final String SCRIPT =
      """
      rules:
        - match: {agent: You are chief, turn: 1}
          tools:
            - {tool: delegate, arguments: {agent: finder, task: find it}}
            - {tool: delegate, arguments: {agent: maker, task: make it}}
        - match: {agent: You are chief, turn: 2}
          tools: [{tool: ask_again, arguments: {delegation: 1, remarks: find more}}]
        - match: {agent: You are chief, turn: 3}
          tools: [{tool: delegate, arguments: {agent: teller, task: tell it}}]
        - match: {agent: You are chief}
          tools: [{tool: finish, arguments: {answer: all is done}}]
        - match: {text: find more}
          say: found more
        - match: {agent: You are finder, turn: 1}
          tools: [{tool: act, arguments: {n: 1}}, {tool: act, arguments: {n: 2}}]
        - match: {agent: You are finder}
          say: found
        - match: {agent: You are maker, turn: 1}
          tools: [{tool: act, arguments: {n: 3}}]
        - match: {agent: You are maker, turn: 2}
          tools: [{tool: act, arguments: {n: 4}}]
        - match: {agent: You are maker}
          say: made
        - match: {agent: You are teller, turn: 1}
          tools: [{tool: act, arguments: {n: 5}}]
        - match: {agent: You are teller}
          say: told
      """;

  private static int deaths;

  @AfterAll
  static void figure() {
    System.out.println("figure: " + deaths + " deaths of crews, none of which was noticed");
  }

  @TestFactory
  Stream<DynamicTest> one_by_one() throws Exception {
    return matrix("one by one", ONE_BY_ONE, 1);
  }

  @TestFactory
  Stream<DynamicTest> side_by_side() throws Exception {
    return matrix("side by side", SIDE_BY_SIDE, 3);
  }

  @TestFactory
  Stream<DynamicTest> led_by_a_manager() throws Exception {
    return matrix("led", LED, 2);
  }

  /**
   * @param atOnce how many agents are at work at once, each with a call under way at most
   */
  private static Stream<DynamicTest> matrix(String name, String crew, int atOnce) throws Exception {
    try (CrewWorld calm = new CrewWorld(crew, SCRIPT)) {
      MortalJournal immortal = calm.journal(Integer.MAX_VALUE, true);
      CrewWorld.End expected = calm.live(immortal);
      assertThat(expected.status()).as(expected.outputs()).isEqualTo("COMPLETED");
      assertThat(calm.done).hasSize(5);
      List<DynamicTest> cells = new ArrayList<>();
      for (int write = 1; write <= immortal.writes(); write++) {
        int at = write;
        for (boolean written : new boolean[] {false, true}) {
          cells.add(
              DynamicTest.dynamicTest(
                  name + ": dies " + (written ? "after" : "before") + " write " + at,
                  () -> {
                    try (CrewWorld world = new CrewWorld(crew, SCRIPT)) {
                      MortalJournal journal = world.journal(at, written);
                      assertThat(world.live(journal)).isEqualTo(expected);
                      held(calm, world, journal, atOnce);
                      deaths++;
                    }
                  }));
        }
      }
      return cells.stream();
    }
  }

  private static void held(CrewWorld calm, CrewWorld world, MortalJournal journal, int atOnce) {
    assertThat(world.done.keySet()).isEqualTo(calm.done.keySet());
    assertThat(new HashSet<>(world.asked)).isEqualTo(new HashSet<>(calm.asked));
    long lost =
        journal.lost().stream()
            .filter(event ->
                event instanceof RunEvent.StepCheckpointed kept && kept.key().endsWith("turn"))
            .count();
    assertThat(world.asked.size() - calm.asked.size())
        .as("asked again: answers that were never written down, and calls under way")
        .isBetween((int) lost, atOnce == 1 ? (int) lost : atOnce);
    int again = world.done.values().stream().mapToInt(times -> times - 1).sum();
    assertThat(again).as("done again, by the same key").isLessThanOrEqualTo(atOnce);
  }
}
