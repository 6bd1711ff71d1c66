package dev.capstan.agents.crew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.plan.PlanReader.Read;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** However a crew is garbled, reading it ends in a plan or in mistakes with words. */
class CrewReaderLaws {
  private static final int CASES = Boolean.getBoolean("capstan.long") ? 100_000 : 5_000;

  private static final List<String> PIECES =
      List.of(
          "agents:",
          "tasks:",
          "role:",
          "goal: g",
          "manager:",
          "process: hierarchical",
          "context: [",
          "]",
          "{",
          "}",
          "- id: x",
          "${",
          "}",
          "inputs.",
          "steps.facts.output",
          "null",
          "true",
          "-1",
          "1e400",
          "\u0000",
          "\ud800",
          "*a",
          "&a",
          "!!set",
          "'",
          "\"",
          "\n",
          "  ",
          "\t",
          "human_input: true",
          "async: true",
          "tools: [calculator, calculator]",
          "limits: {}",
          "memory: 7",
          "name: 9");

  private static String garbled(Random dice) {
    StringBuilder crew = new StringBuilder(CrewReaderTest.CREW);
    int changes = 1 + dice.nextInt(6);
    for (int i = 0; i < changes; i++) {
      int at = dice.nextInt(crew.length() + 1);
      int to = Math.min(crew.length(), at + dice.nextInt(12));
      switch (dice.nextInt(4)) {
        case 0 -> crew.delete(at, to);
        case 1 -> crew.insert(at, PIECES.get(dice.nextInt(PIECES.size())));
        case 2 -> crew.replace(at, to, PIECES.get(dice.nextInt(PIECES.size())));
        default -> {
          List<String> lines = new ArrayList<>(crew.toString().lines().toList());
          lines.add(dice.nextInt(lines.size()), lines.remove(dice.nextInt(lines.size())));
          crew = new StringBuilder(String.join("\n", lines));
        }
      }
    }
    return crew.toString();
  }

  @Test
  void a_garbled_crew_is_a_plan_or_a_list_of_mistakes() {
    int plans = 0;
    for (int seed = 0; seed < CASES; seed++) {
      String crew = garbled(new Random(seed));
      switch (CrewRig.read(crew)) {
        case Read.Valid valid -> {
          assertThat(valid.plan().steps()).isNotEmpty();
          plans++;
        }
        case Read.Invalid invalid -> {
          assertThat(invalid.mistakes()).as("seed %s", seed).isNotEmpty();
          assertThat(invalid.mistakes()).allMatch(mistake -> !mistake.message().isBlank());
        }
      }
    }
    assertThat(plans).isGreaterThan(CASES / 50);
    System.out.println("figure: " + CASES + " garbled crews, " + plans + " of them still one");
  }
}
