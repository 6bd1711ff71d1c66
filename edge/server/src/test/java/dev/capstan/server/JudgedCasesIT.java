package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a model can judge is judged once and then known; what only time can tell is said. */
@Timeout(120)
class JudgedCasesIT {
  private static final String ANSWERS =
      """
      rules:
        - match: {text: names the sum}
          say: '{"pass": true, "reason": "it says 42"}'
        - match: {text: is in French}
          say: '{"pass": false, "reason": "it is in English"}'
        - match: {text: is at length}
          say: '{"pass": false, "reason": "\\u009b2JLONG\\ud83d\\ude00"}'
        - match: {text: is a poem}
          say: Roses are red.
        - say: It comes to 42.
      """;

  private static final String PLAN =
      """
      name: sums
      steps:
        - {id: agree, approval: "go on?"}
        - id: sum
          depends_on: [agree]
          tool: agent
          input: {role: clerk, goal: sums, task: "What is 6 * 7?"}
        - id: inner
          plan:
            name: inside
            steps: [{id: also, approval: "and this?"}]
            outputs: {by: "${steps.also.output.approved}"}
      outputs: {answer: "${steps.sum.output.text}"}
      """;

  private static final String HEAD =
      """
      format: capstan-case/1
      name: sums
      plan: plan.yaml
      answers: [{step: sum, says: It comes to 42.}]
      """;

  private static final String GIVEN =
      "given: {approvals: [{step: agree}, {step: inner/also, comment: fine}]}\n";

  @TempDir Path home;
  @TempDir Path tests;
  private TestHouse house;
  private Examiner examiner;

  @BeforeEach
  void open() throws Exception {
    // The emoji stands where a reason is cut.
    house = RecordedRunIT.house(home, ANSWERS.replace("LONG", "a".repeat(496)));
    examiner = new Examiner(tests, house);
    Files.writeString(tests.resolve("plan.yaml"), PLAN);
  }

  @AfterEach
  void close() {
    house.close();
  }

  private void write(String given, String... asserts) throws Exception {
    StringBuilder page = new StringBuilder(HEAD).append(given).append("asserts:\n");
    for (String each : asserts) {
      page.append("  - ").append(each).append('\n');
    }
    Files.writeString(tests.resolve("sums.yaml"), page);
  }

  @Test
  void a_judge_that_was_asked_once_is_known_where_nobody_can_be_asked() throws Exception {
    write(GIVEN, "status: completed", "output: {judge: it names the sum}");
    assertThat(examiner.test()).as(examiner.said()).isZero();
    assertThat(examiner.said()).contains("not judged: --judge asks the judge once");
    assertThat(examiner.test("--judge")).as(examiner.said()).isZero();
    assertThat(examiner.said()).doesNotContain("not judged");
    Path kept = tests.resolve("sums.verdicts.json");
    assertThat(Files.readString(kept)).contains("capstan-verdicts/1", "it says 42");
    house.close();
    assertThat(examiner.test()).as(examiner.said()).isZero();
    assertThat(examiner.said()).doesNotContain("not judged");
    Path file = tests.resolve("sums.yaml");
    Files.writeString(file, Files.readString(file).replace("comes to 42", "comes to 43"));
    assertThat(examiner.test()).isEqualTo(1);
    assertThat(examiner.said())
        .contains("the judge was asked about another output; --judge asks again");
    for (String verdicts : List.of("", ", \"verdicts\": [{}]", ", \"verdicts\": [null]")) {
      Files.writeString(kept, "{\"format\": \"capstan-verdicts/1\"" + verdicts + "}");
      assertThat(examiner.test()).isEqualTo(1);
      assertThat(examiner.said()).contains("sums.verdicts.json does not hold verdicts of judges");
    }
  }

  @Test
  void a_no_is_kept_as_well_and_what_is_no_verdict_is_not() throws Exception {
    write(
        GIVEN,
        "status: completed",
        "output: {judge: it is in French}",
        "output: {judge: it is a poem}");
    assertThat(examiner.test("--judge")).isEqualTo(1);
    assertThat(examiner.said())
        .contains("the judge says no: it is in English", "no verdict but: Roses are red.");
    assertThat(examiner.test()).isEqualTo(1);
    assertThat(examiner.said()).contains("the judge says no: it is in English", "not judged");
    assertThat(examiner.test("--judge", "--live")).isEqualTo(2);
    assertThat(examiner.test("--judge", "--model", "other")).isEqualTo(2);
    house.close();
    assertThat(examiner.test("--judge")).isEqualTo(7);
  }

  @Test
  void who_asks_no_judge_changes_nothing_that_judges_said() throws Exception {
    String names = "output: {judge: it names the sum}";
    write(GIVEN, "status: completed", names, "output: {judge: it is in French}");
    assertThat(examiner.test("--judge")).isEqualTo(1);
    Path kept = tests.resolve("sums.verdicts.json");
    String page = Files.readString(kept);
    write(GIVEN, "status: completed", names);
    assertThat(examiner.test()).as(examiner.said()).isZero();
    assertThat(kept).hasContent(page);
    assertThat(examiner.test("--judge")).as(examiner.said()).isZero();
    assertThat(Files.readString(kept)).contains("it says 42").doesNotContain("it is in English");
  }

  @Test
  void what_a_judge_says_is_kept_wherever_it_is_cut_and_moves_no_cursor() throws Exception {
    write(GIVEN, "status: completed", "output: {judge: it is at length}");
    for (String options : new String[] {"--judge", "--json"}) {
      assertThat(examiner.test(options)).isEqualTo(1);
      assertThat(examiner.said()).contains("the judge says no: ", "2Jaaa").doesNotContain("cannot");
    }
    assertThat(examiner.test()).isEqualTo(1);
    assertThat(examiner.said()).contains("the judge says no: ?2Jaaa");
  }

  @Test
  void a_case_that_asserts_only_what_a_recording_cannot_tell_does_not_pass() throws Exception {
    write(GIVEN, "time: {max: 1m}", "output: {judge: it names the sum}");
    assertThat(examiner.test()).isEqualTo(1);
    assertThat(examiner.said())
        .contains("nothing that it asserts can be checked from a recording", "--live", "--judge");
    assertThat(examiner.test("--judge")).as(examiner.said()).isZero();
    assertThat(examiner.said()).contains("time not checked");
  }

  @Test
  void live_what_people_say_is_said_to_the_runs_within_a_run_too() throws Exception {
    write(
        GIVEN, "output: {equals: {answer: It comes to 42.}}", "steps: {ran: [agree, sum, inner]}");
    assertThat(examiner.test("--live")).as(examiner.said()).isZero();
    assertThat(examiner.test()).as(examiner.said()).isZero();
  }

  @Test
  void live_a_run_that_waits_for_what_the_case_does_not_give_is_cancelled_and_told()
      throws Exception {
    write("given: {approvals: [{step: agree}]}\n", "status: completed");
    assertThat(examiner.test("--live")).isEqualTo(1);
    assertThat(examiner.said())
        .contains(
            "step inner/also waits for an approval that the case does not give",
            "the run is cancelled");
  }

  @Test
  void live_what_a_run_cost_until_it_was_cancelled_is_told_and_checked() throws Exception {
    String plan = PLAN.replace("- id: inner\n", "- id: inner\n    depends_on: [sum]\n");
    Files.writeString(tests.resolve("plan.yaml"), plan);
    write("given: {approvals: [{step: agree}]}\n", "status: completed", "cost: {max: 0}");
    assertThat(examiner.test("--live")).isEqualTo(1);
    assertThat(examiner.said()).contains("cost 0.0", "dollars and may cost 0");
  }
}
