package dev.capstan.agents.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.llm.chat.ToolRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random agents by seed, whose vendors give every id that could be taken for another. */
class CallsLaws {
  private static final int AGENTS = Boolean.getBoolean("capstan.long") ? 500_000 : 20_000;
  private static final List<String> IDS =
      List.of(
          "call_0",
          "call_1",
          "call_0_t2_1",
          "call_1_t1_1",
          "call",
          "call_t1_1",
          "call_t2_2",
          "call_t2_2_t3_1",
          "_t1_1",
          "t1_1",
          "undo",
          "undo_t1_1",
          "",
          " ",
          "a b",
          "a/b",
          "1/call_0",
          "é",
          "\u0000",
          "\uD83D",
          "7",
          "x".repeat(100),
          "x".repeat(101),
          "x".repeat(20_000));

  @Test
  void every_call_has_a_name_of_its_own_and_what_is_kept_gives_the_same_names() {
    long repeated = 0;
    for (int seed = 1; seed <= AGENTS; seed++) {
      try {
        repeated += new Agent(seed).work();
      } catch (RuntimeException | AssertionError broken) {
        throw new AssertionError("seed " + seed, broken);
      }
    }
    System.out.printf(
        "figure: %d agents, %d calls whose id another call had or that is no name%n",
        AGENTS, repeated);
    assertThat(repeated).isGreaterThan(AGENTS);
  }

  private static final class Agent {
    private final Random random;
    private final Calls living = new Calls();
    private final Calls recorded = new Calls();
    private final Set<String> names = new HashSet<>();
    private final List<List<String>> told = new ArrayList<>();

    Agent(long seed) {
      random = new Random(seed);
    }

    long work() {
      long repeated = 0;
      for (int turn = 1 + random.nextInt(6); turn > 0; turn--) {
        List<ToolRequest> heard = new ArrayList<>();
        for (int call = random.nextInt(4); call > 0; call--) {
          heard.add(new ToolRequest(IDS.get(random.nextInt(IDS.size())), "act", "{}"));
        }
        List<String> given = living.names(heard);
        List<ToolRequest> kept = living.distinct(heard, shown());
        assertThat(living.names(kept)).as("of what is kept").isEqualTo(given);
        living.said(kept, given);
        recorded.said(kept);
        assertThat(recorded.open()).as("of a recording").isEqualTo(living.open());
        isWellNamed(given);
        isWellTold(kept);
        repeated += changed(heard, given);
      }
      return repeated;
    }

    /** The ids of as many of the last turns as no notes stand for. */
    private Set<String> shown() {
      Set<String> shown = new HashSet<>();
      told.subList(random.nextInt(told.size() + 1), told.size()).forEach(shown::addAll);
      return shown;
    }

    private void isWellNamed(List<String> given) {
      for (String name : given) {
        assertThat(names.add(name)).as("another call is " + name).isTrue();
        assertThat(name).matches("[!-.0-~]{1,130}").isNotEqualTo("undo");
      }
    }

    private void isWellTold(List<ToolRequest> kept) {
      List<String> ids = kept.stream().map(ToolRequest::id).toList();
      assertThat(ids).doesNotHaveDuplicates();
      assertThat(ids).allMatch(id -> id.matches("[ -~]{1,16384}"));
      told.add(ids);
    }

    private static long changed(List<ToolRequest> heard, List<String> given) {
      long changed = 0;
      for (int i = 0; i < given.size(); i++) {
        if (!heard.get(i).id().equals(given.get(i))) {
          assertThat(given.get(i)).matches("(?s).*_t\\d+_" + (i + 1));
          changed++;
        }
      }
      return changed;
    }
  }
}
