package dev.capstan.cli.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.cli.picture.DiffPicture;
import dev.capstan.cli.picture.Look;
import dev.capstan.cli.terminal.Paint;
import dev.capstan.cli.terminal.Safe;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** What differs between two runs, and nothing else, is said. */
class RunDiffTest {
  private static final String FIRST =
      """
      {"id":"run_01k2m3n4p5q6r","name":"report","status":"completed","inputs":{"topic":"moon"},
       "outputs":{"text":"one\\ntwo\\nthree\\nfour"},
       "started_at":"2026-11-21T12:00:00Z","ended_at":"2026-11-21T12:00:01.2Z",
       "steps":[
        {"id":"ask","tool":"agent","status":"completed","output":{"text":"old","n":1},
         "started_at":"2026-11-21T12:00:00Z","ended_at":"2026-11-21T12:00:01Z"},
        {"id":"keep","tool":"echo","status":"completed","output":[1,2,3]},
        {"id":"gone","tool":"echo","status":"skipped","output":null}]}
      """;
  private static final String SECOND =
      """
      {"id":"run_01k2m3n4p5q6s","name":"report","status":"failed","inputs":{"topic":"moon"},
       "failure":{"code":"tool_failed","detail":"no \\u001b[2J"},
       "outputs":{"text":"one\\nTWO\\nthree\\nfour\\nfive"},
       "started_at":"2026-11-21T12:00:00Z","ended_at":"2026-11-21T12:00:01.9Z",
       "steps":[
        {"id":"ask","tool":"agent","status":"completed","output":{"text":"new","n":1.0},
         "started_at":"2026-11-21T12:00:00Z","ended_at":"2026-11-21T12:00:01.5Z"},
        {"id":"keep","tool":"echo","status":"completed","output":[1,2.0,3]},
        {"id":"came","tool":"http","status":"failed","failure":{"detail":"no \\u001b[2J"}}]}
      """;

  private static RunDiff.Told told(String run, String item, String step, String all) {
    String costs =
        """
        {"items":[{"who":{"run":"r","step":"ask[0]"},"cost":"%s"},
                  {"who":{"run":"r","step":"ask"},"cost":"%s"}],"cost":"0"}
        """
            .formatted(item, step);
    return new RunDiff.Told(Json.parse(run), Json.parse(costs), Json.object().put("cost", all));
  }

  private static RunDiff diff() {
    return RunDiff.of(
        told(FIRST, "0.001", "0.002", "0.004"), told(SECOND, "0.001", "0.0015", "0.0035"));
  }

  private static Look look(int columns) {
    Instant now = Instant.parse("2026-11-21T12:00:10Z");
    return new Look(Paint.OFF, columns, 100, now, ZoneId.of("UTC"), 0);
  }

  private static JsonNode json(String text) {
    return Json.parse(text.replace('\'', '"'));
  }

  @Test
  void steps_stand_side_by_side_with_what_they_cost_and_took() {
    assertThat(DiffPicture.draw(diff(), look(100)))
        .containsExactly(
            "- run_01k2m3n4p5q6r  ✓ completed  $0.004  1.2 s  report",
            "+ run_01k2m3n4p5q6s  ✗ failed  $0.0035  1.9 s  report",
            "  Δ  -$0.0005  +700 ms",
            "~ ask  -$0.0005  +500 ms",
            "  output.text",
            "    - old",
            "    + new",
            "= keep",
            "- gone  – skipped  echo",
            "+ came  ✗ failed: no \\u001b[2J  http",
            "  outputs.text",
            "      (1 alike)",
            "    - two",
            "    + TWO",
            "      (2 alike)",
            "    + five");
    assertThat(diff().isSame()).isFalse();
    assertThat(diff().steps().getFirst().first().cost()).isEqualTo(Money.dollars("0.003"));
  }

  @Test
  void a_run_is_the_same_as_itself_whatever_it_cost() {
    RunDiff same = RunDiff.of(told(FIRST, "0.001", "0.002", "0.004"), told(FIRST, "0", "0", "0"));
    assertThat(same.isSame()).isTrue();
    assertThat(DiffPicture.draw(same, look(100)))
        .endsWith("  the same steps, inputs and outputs")
        .contains("~ ask  -$0.003".replace('~', '='), "= keep", "= gone");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a':1,'b':2}        | {'a':1.0,'b':2}   | ''",
        "{'a':1,'b':2}        | {'b':3,'c':4}     | 'a b c'",
        "{'a':{'b':[1,2,3]}}  | {'a':{'b':[1,9,3]}} | 'a.b[1]'",
        "[1,2,3]              | [1,3]             | '[1]'",
        "[1,3]                | [0,1,3]           | '[0]'",
        "[1]                  | {'a':1}           | '-'",
        "null                 | 0                 | '-'",
        "[]                   | [[]]              | '[0]'"
      })
  void values_differ_where_they_differ(String from, String to, String paths) {
    List<String> found =
        ValueDiff.of(json(from), json(to)).stream()
            .map(change -> change.path().isEmpty() ? "-" : change.path())
            .toList();
    assertThat(String.join(" ", found)).isEqualTo(paths);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void what_went_and_came_makes_the_one_text_of_the_other(int seed) {
    Random dice = new Random(seed);
    List<String> from = dice.ints(40, 0, 6).mapToObj(Integer::toString).toList();
    List<String> to = dice.ints(30, 0, 6).mapToObj(Integer::toString).toList();
    List<String> lines = LineDiff.of(String.join("\n", from), String.join("\n", to));
    long went = lines.stream().filter(line -> line.startsWith("- ")).count();
    long came = lines.stream().filter(line -> line.startsWith("+ ")).count();
    assertThat(from.size() - went).isEqualTo(to.size() - came).isPositive();
    assertThat(LineDiff.of("a\nb", "a\nb")).isEmpty();
  }

  @Test
  void nothing_is_wider_than_the_terminal_and_vast_values_are_no_trouble() {
    for (int columns : new int[] {20, 33, 47, 80}) {
      assertThat(DiffPicture.draw(diff(), look(columns)))
          .allSatisfy(line -> assertThat(Safe.width(line)).as(line).isLessThanOrEqualTo(columns));
    }
    ArrayNode many = Json.mapper().createArrayNode();
    for (int i = 0; i < 5_000; i++) {
      many.add(i);
    }
    assertThat(ValueDiff.of(many, Json.parse("[]"))).hasSize(1_000);
    String lines = "x\n".repeat(50_000);
    assertThat(LineDiff.of(lines, "y\n".repeat(50_000))).hasSize(100_000);
  }
}
