package dev.capstan.agents.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.agents.Planned;
import dev.capstan.kernel.Dice;
import dev.capstan.kernel.TenantId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptLaws {
  private static final List<String> PIECES =
      List.of(
          "add",
          "2",
          "and",
          "3",
          ",",
          "then",
          "to",
          "my",
          "todos",
          "list",
          "complete",
          "todo",
          "it",
          "both",
          "results",
          "the",
          "result",
          "what",
          "is",
          "(",
          ")",
          "+",
          "-",
          "*",
          "/",
          "^",
          "%",
          "of",
          "square",
          "root",
          "sum",
          "multiply",
          "by",
          "double",
          "remind",
          "me",
          "buy",
          "milk",
          "\"",
          "'",
          "“",
          "${steps.x.output}",
          "${",
          "}",
          "$",
          ".",
          "?",
          "\n",
          "\t",
          "\u0000",
          "\uD800",
          "🚀",
          "İ",
          "ß",
          "1,000",
          "1e999",
          ".",
          "twenty",
          "hundred",
          "-",
          "minus",
          "rename",
          "mark",
          "done",
          "first",
          "second",
          "all",
          "#",
          "0",
          "99999999999999999999",
          "x",
          "3x4",
          "half",
          "max(");

  /** Slow machines share their cores: what counts is that nothing grows out of bounds. */
  private static final Duration LONGEST = Duration.ofSeconds(2);

  @Test
  void whatever_is_asked_ends_in_a_plan_or_a_refusal() {
    PatternPlanner planner = new PatternPlanner();
    for (int round = 0; round < 20_000; round++) {
      String prompt =
          random(round, 1 + (int) (Dice.unit(round, 1, 0) * 25), round % 3 == 0 ? "" : " ");
      switch (planner.plan(prompt, TenantId.LOCAL)) {
        case Planned.Understood understood ->
            assertThat(understood.plan().steps()).as(prompt).isNotEmpty();
        case Planned.NotUnderstood refused ->
            assertThat(refused.problem().detail()).as(prompt).isNotBlank();
      }
    }
  }

  @Test
  void the_longest_prompts_end_as_soon_as_any() {
    PatternPlanner planner = new PatternPlanner();
    for (String piece : PIECES) {
      within(planner, piece + " ");
      within(planner, piece);
      within(planner, "add " + piece + " ");
      within(planner, piece + " and ");
      within(planner, "add a todo to " + piece + ", ");
    }
    for (int round = 0; round < 50; round++) {
      String prompt = random(round, 3_000, " ");
      within(planner, prompt);
    }
  }

  private static void within(PatternPlanner planner, String piece) {
    String prompt = piece.repeat(PatternPlanner.LONGEST / piece.length() + 1);
    String cut = prompt.substring(0, PatternPlanner.LONGEST);
    org.junit.jupiter.api.Assertions.assertTimeout(
        LONGEST,
        () -> planner.plan(cut, TenantId.LOCAL),
        () -> piece.substring(0, Math.min(60, piece.length())));
  }

  private static String random(int round, int length, String between) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(PIECES.get((int) (Dice.unit(round, 2, i) * PIECES.size()))).append(between);
    }
    return text.toString();
  }
}
