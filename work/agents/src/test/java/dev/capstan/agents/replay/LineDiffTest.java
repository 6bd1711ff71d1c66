package dev.capstan.agents.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineDiffTest {
  private static String lines(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "line " + i).collect(Collectors.joining("\n"));
  }

  @Test
  void shows_what_differs_with_a_line_around_it() {
    assertThat(LineDiff.of("a\nb\nc\nd", "a\nb\nx\nd")).containsExactly("  b", "- c", "+ x", "  d");
    assertThat(LineDiff.of("a\nb", "a\nb")).isEmpty();
    assertThat(LineDiff.of("", "a")).containsSubsequence("+ a");
  }

  @Test
  void finds_a_difference_that_stands_after_very_many_lines() {
    String before = lines(0, 5_000);
    assertThat(LineDiff.of(before, before + "\nand one more"))
        .contains("  line 4999", "+ and one more");
    assertThat(LineDiff.distance(before, before + "\nand one more")).isEqualTo(1);
  }

  @Test
  void says_how_much_of_a_vast_difference_it_does_not_show() {
    List<String> shown = LineDiff.of(lines(0, 4_000), lines(10_000, 14_000));
    assertThat(shown).hasSizeLessThan(50);
    assertThat(shown.getLast()).matches("… and \\d+ more lines");
    assertThat(LineDiff.distance(lines(0, 4_000), lines(10_000, 14_000))).isEqualTo(8_000);
  }

  @Test
  void every_line_of_both_is_accounted_for() {
    Random dice = new Random(11);
    for (int round = 0; round < 300; round++) {
      List<String> one = some(dice);
      List<String> other = some(dice);
      int distance = LineDiff.distance(String.join("\n", one), String.join("\n", other));
      assertThat(distance).isEqualTo(one.size() + other.size() - 2 * common(one, other));
    }
  }

  private static List<String> some(Random dice) {
    List<String> lines = new ArrayList<>();
    int many = dice.nextInt(9);
    for (int i = 0; i < many; i++) {
      lines.add("" + (char) ('a' + dice.nextInt(4)));
    }
    return lines;
  }

  /** The longest common subsequence, the plain way. */
  private static int common(List<String> one, List<String> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return 0;
    }
    List<String> rest = one.subList(1, one.size());
    List<String> others = other.subList(1, other.size());
    return one.getFirst().equals(other.getFirst())
        ? 1 + common(rest, others)
        : Math.max(common(rest, other), common(one, others));
  }
}
