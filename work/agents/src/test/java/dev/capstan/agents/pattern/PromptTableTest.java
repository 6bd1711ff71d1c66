package dev.capstan.agents.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.agents.Planned;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromptTableTest {
  static Stream<Arguments> understood() throws IOException {
    return pairs("understood.txt");
  }

  static Stream<Arguments> refused() throws IOException {
    return pairs("refused.txt");
  }

  /** A prompt, and in the next line, indented, what comes of it. */
  private static Stream<Arguments> pairs(String name) throws IOException {
    try (InputStream file = PromptTableTest.class.getResourceAsStream(name)) {
      List<String> lines =
          new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .toList();
      return IntStream.range(0, lines.size() / 2)
          .mapToObj(i -> Arguments.of(lines.get(2 * i), lines.get(2 * i + 1).strip()));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void understood(String prompt, String plan) {
    assertThat(PlanShown.of(prompt)).isEqualTo(plan);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void refused(String prompt, String words) {
    assertThat(PlanShown.of(prompt)).isEqualTo("? " + words);
  }

  @Test
  void the_tables_are_long_enough_to_mean_something() throws IOException {
    assertThat(understood()).hasSizeGreaterThan(100);
    assertThat(refused()).hasSizeGreaterThan(50);
  }

  @Test
  void case_and_blanks_do_not_matter() throws IOException {
    understood()
        .filter(row -> !row.get()[1].toString().contains(":"))
        .forEach(row -> {
          String prompt = row.get()[0].toString();
          assertThat(PlanShown.of("  " + prompt.toUpperCase(Locale.ROOT).replace(" ", " \n ")))
              .as(prompt)
              .isEqualTo(row.get()[1]);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", ".,!?", "hello", "please", "\n"})
  void a_prompt_that_asks_for_nothing_is_told_what_can_be_done(String prompt) {
    assertThat(PlanShown.of(prompt))
        .startsWith("? the prompt asks for nothing. I can calculate (\"what is (17+25)*3?\"");
  }

  @Test
  void a_refusal_says_the_words_their_place_and_what_can_be_done() {
    var problem = refusal("add 2 and 3.\n  Then fly to the moon.\nList my todos, then sing");
    assertThat(problem.code()).isEqualTo(ProblemCode.NOT_UNDERSTOOD);
    assertThat(problem.detail())
        .startsWith("'fly to the moon': not understood; 'sing': not understood. I can calculate");
    assertThat(problem.mistakes())
        .extracting(Object::toString)
        .containsExactly(
            "2:8 prompt: 'fly to the moon': not understood", "3:21 prompt: 'sing': not understood");
  }

  @Test
  void length_and_the_number_of_things_are_bounded() {
    assertThat(refusal("x".repeat(10_001)).detail()).startsWith("the prompt is 10001 characters");
    assertThat(refusal("2+2. ".repeat(300)).detail()).contains("more than 200 things at once");
    assertThat(refusal("complete todos 1" + ", 2".repeat(300)).detail())
        .contains("more than 200 things at once");
    assertThat(refusal("add a todo to 11111" + " + 11111".repeat(150)).detail())
        .contains("a calculation longer than 900 characters");
    assertThat(refusal("add " + "x".repeat(950) + " to my todos").detail())
        .contains("at most 900 characters");
    assertThat(refusal("what is " + "(".repeat(200) + "1").detail()).contains("nests deeper");
  }

  private static dev.capstan.kernel.Problem refusal(String prompt) {
    return switch (new PatternPlanner().plan(prompt, TenantId.LOCAL)) {
      case Planned.NotUnderstood refused -> refused.problem();
      case Planned.Understood understood -> throw new AssertionError(PlanShown.of(prompt));
    };
  }
}
