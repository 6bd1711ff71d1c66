package dev.capstan.agents.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.agents.Planned;
import dev.capstan.kernel.Dice;
import dev.capstan.kernel.TenantId;
import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanCodec;
import dev.capstan.plan.PlanReader;
import dev.capstan.tools.ToolRegistry;
import dev.capstan.tools.calculator.Calculator;
import dev.capstan.tools.todo.MemoryTodoStore;
import dev.capstan.tools.todo.TodoTool;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
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
          "max(",
          "todos 1, 2, 3",
          "add 2 and 3,",
          "to my todos");

  /** What has made a reader look at the same words again and again, or could. */
  private static final List<String> HOSTILE =
      List.of(
          "(",
          "((1 ",
          "(-",
          "- ",
          "minus ",
          "1",
          "1 ",
          "\"",
          "'",
          "“",
          "é",
          "🚀",
          ",",
          "and then ",
          "after that ",
          "i want to ",
          "the the ",
          "show me ",
          "1 to ",
          "x to my todos ",
          "1e",
          "1.",
          "99,",
          "twenty ",
          "one hundred ",
          "max(",
          "max (1, ",
          "sum of 1, ",
          "half of ",
          "1% of ",
          "2^",
          "all of the ",
          "complete todo 1, ",
          "1+1,",
          "rename todo 1 to ",
          "add ((1 ");

  private static final List<String> BEFORE =
      List.of("", "add ", "add foo ", "add a todo to foo ", "what is 1 + ", "1+1, 2+2, add ");

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /**
   * The longest prompts take at most 50 ms each on an idle machine. Slow machines share their
   * cores, so the bound here is wider; what grows with the square of the length passes it by far.
   */
  private static final Duration LONGEST = Duration.ofMillis(500);

  private final PlanReader checker =
      new PlanReader(
          ToolRegistry.of(
              new Calculator(), new TodoTool(new MemoryTodoStore(), () -> Instant.EPOCH)));

  @Test
  void whatever_is_asked_ends_in_a_plan_or_a_refusal() {
    PatternPlanner planner = new PatternPlanner();
    for (int round = 0; round < 20_000; round++) {
      String prompt =
          random(round, 1 + (int) (Dice.unit(round, 1, 0) * 25), round % 3 == 0 ? "" : " ");
      switch (planner.plan(prompt, TenantId.LOCAL)) {
        case Planned.Understood understood -> {
          assertThat(understood.plan().steps()).as(prompt).isNotEmpty();
          passesTheChecker(prompt, understood.plan());
        }
        case Planned.NotUnderstood refused ->
            assertThat(refused.problem().detail()).as(prompt).isNotBlank();
      }
    }
  }

  @Test
  void the_table_of_prompts_passes_the_checker_of_written_plans() throws IOException {
    PatternPlanner planner = new PatternPlanner();
    PromptTableTest.understood()
        .map(row -> row.get()[0].toString())
        .forEach(prompt -> {
          var planned = (Planned.Understood) planner.plan(prompt, TenantId.LOCAL);
          passesTheChecker(prompt, planned.plan());
        });
  }

  /** A planner's plan is held to what a person's plan is held to. */
  private void passesTheChecker(String prompt, Plan plan) {
    assertThat(checker.read(PlanCodec.encode(plan)))
        .as(prompt)
        .isInstanceOf(PlanReader.Read.Valid.class);
  }

  @Test
  void the_longest_prompts_end_as_soon_as_any() {
    PatternPlanner planner = new PatternPlanner();
    for (String before : BEFORE) {
      HOSTILE.forEach(piece -> within(planner, before, piece, " foo"));
    }
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
    within(planner, "", piece, "");
  }

  private static void within(PatternPlanner planner, String before, String piece, String after) {
    int room = PatternPlanner.LONGEST - before.length() - after.length();
    String prompt = before + piece.repeat(room / piece.length() + 1).substring(0, room) + after;
    Duration taken = Duration.ofDays(1);
    // In its own time, not its neighbours'; and once may be bad luck: the compiler, the collector.
    for (int attempt = 0; attempt < 3 && taken.compareTo(LONGEST) > 0; attempt++) {
      long start = THREADS.getCurrentThreadCpuTime();
      planner.plan(prompt, TenantId.LOCAL);
      taken = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - start);
    }
    assertThat(taken).as("%s(%s)*%s", before, piece, after).isLessThan(LONGEST);
  }

  private static String random(int round, int length, String between) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(PIECES.get((int) (Dice.unit(round, 2, i) * PIECES.size()))).append(between);
    }
    return text.toString();
  }
}
