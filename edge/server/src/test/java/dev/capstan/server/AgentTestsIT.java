package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run is recorded as a case; the case is run, edited and run again, with nobody to ask. */
class AgentTestsIT {
  @TempDir Path home;
  @TempDir Path tests;
  private TestHouse house;
  private Path file;
  private Examiner examiner;

  @BeforeEach
  void a_run_is_recorded() throws Exception {
    house = RecordedRunIT.house(home, RecordedRunIT.ANSWERS);
    examiner = new Examiner(tests, house);
    String run = RecordedRunIT.submit(house, RecordedRunIT.CREW);
    house.end(run);
    HttpResponse<String> written = house.get("/runs/" + run + "/case");
    assertThat(written.statusCode()).as(written.body()).isEqualTo(200);
    file = tests.resolve("orders.yaml");
    Files.writeString(file, written.body());
  }

  @AfterEach
  void close() {
    house.close();
  }

  private void edit(String from, String to) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }

  private void add(String assertion) throws IOException {
    Files.writeString(file, Files.readString(file) + "  - " + assertion + "\n");
  }

  @Test
  void what_was_recorded_passes_without_a_server() throws Exception {
    house.close();
    assertThat(examiner.test()).as(examiner.said()).isZero();
    assertThat(examiner.said()).contains("✓ orders", "5 answers", "1 case: 1 passed");
    System.out.println("figure: " + examiner.said().lines().toList().getLast());
    assertThat(Files.readString(file))
        .contains("asked: |-\n", "[instructions]\n", "You are bookkeeper.", "[tools]\n");
  }

  @Test
  void a_changed_prompt_says_which_call_nobody_recorded_and_how_it_differs() throws Exception {
    edit("What does this come to: ${inputs.order}?", "What is the sum of ${inputs.order}?");
    assertThat(examiner.test()).isEqualTo(1);
    assertThat(examiner.said())
        .contains(
            "step book, agent bookkeeper, turn 1 asked the model something that nobody recorded",
            "- What does this come to: three books at 19.90 and 4.50 for the post?",
            "+ What is the sum of three books at 19.90 and 4.50 for the post?",
            "1 case: 0 passed, 1 failed");
  }

  @Test
  void a_changed_answer_of_the_model_changes_the_run_as_far_as_it_was_recorded() throws Exception {
    edit("says: The order comes to 64.20.", "says: The order comes to 65.20.");
    assertThat(examiner.test()).isEqualTo(1);
    assertThat(examiner.said())
        .contains(
            "step judge, agent critic, turn 1",
            "- Is this right: The order comes to 64.20.?",
            "+ Is this right: The order comes to 65.20.?");
  }

  @Test
  void a_pure_tool_computes_what_was_not_recorded() throws Exception {
    edit(
        "arguments: {expression: \"3 * 19.90 + 4.50\"}",
        "arguments: {expression: \"3*19.90 + 4.50\"}");
    assertThat(examiner.test()).as(examiner.said()).isZero();
  }

  @Test
  void every_kind_of_assertion_holds_or_says_what_is_wrong() throws Exception {
    add("output: {jsonata: '$contains(output.answer, \"64.20\")'}");
    add(
        "output: {schema: {type: object, required: [answer], properties: {answer: {type: string}}}}");
    add("steps: {ran: [book, judge, note], order: [book, judge, note]}");
    add("tools: {called: {calculator: 1, todo: {min: 2, max: 2}, agent: 2}, not_called: [wait]}");
    add("cost: {max: 1}");
    add("time: {max: 1m}");
    add("output: {judge: it names the sum}");
    assertThat(examiner.test()).as(examiner.said()).isZero();
    assertThat(examiner.said()).contains("not judged", "time not checked");
    add("output: {jsonata: 'output.answer = \"nothing\"'}");
    add("output: {schema: {required: [price]}}");
    add("output: {equals: {answer: nothing}}");
    add("steps: {not_ran: [note], order: [note, book]}");
    add("tools: {called: {calculator: 2}, not_called: [todo]}");
    add("cost: {max: 0.0000001}");
    add("status: failed");
    assertThat(examiner.test()).isEqualTo(1);
    assertThat(examiner.said())
        .contains(
            "this does not hold: output.answer = \"nothing\"",
            "price: is missing",
            "-   \"answer\" : \"nothing\"",
            "step note ran and should not have",
            "order [book, note] and not [note, book]",
            "tool calculator was called 1 times and not 2",
            "tool todo was called 2 times",
            "and may cost 0.0000001",
            "the run is completed and should be failed");
  }

  @Test
  void every_mistake_in_a_case_is_told_with_its_line() throws Exception {
    edit("format: capstan-case/1", "format: capstan-case/7");
    edit("tool: todo\n      input:", "tool: tdo\n      input:");
    add("output: {equal: 1}");
    add("steps: {ran: [bok]}");
    add("tools: {called: {calculator: many}}");
    assertThat(examiner.test()).isEqualTo(2);
    assertThat(examiner.said())
        .containsPattern("orders.yaml:\\d+:\\d+ format: this should be capstan-case/1")
        .containsPattern("orders.yaml:\\d+:\\d+ plan.steps\\[2].tool: .*tdo.*todo")
        .containsPattern("asserts\\[\\d].output.equal: unknown field 'equal' .*equals")
        .containsPattern("called.calculator: this is a text")
        .contains("1 case: 0 passed, 1 no cases");
    edit("tool: tdo\n      input:", "tool: todo\n      input:");
    assertThat(examiner.test()).isEqualTo(2);
    assertThat(examiner.said()).containsPattern("ran\\[0]: the plan has no step 'bok' .*book");
  }

  @Test
  void build_servers_read_what_came_of_it() throws Exception {
    Files.writeString(tests.resolve("broken.yaml"), "format: capstan-case/1\nname: \"<&>\"\n");
    Path report = tests.resolve("reports/junit.xml");
    assertThat(examiner.test("--junit", report.toString())).isEqualTo(2);
    var root =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(report.toFile())
            .getDocumentElement();
    assertThat(root.getAttribute("tests")).isEqualTo("2");
    assertThat(root.getAttribute("errors")).isEqualTo("1");
    assertThat(root.getElementsByTagName("error").item(0).getTextContent())
        .contains("the case has no plan");
    assertThat(examiner.test("--json")).isEqualTo(2);
    assertThat(examiner.said()).startsWith("{\"cases\":[").contains("\"status\":\"passed\"");
  }

  @Test
  void the_plan_may_be_a_file_of_its_own() throws Exception {
    String text = Files.readString(file);
    int plan = text.indexOf("\nplan:\n");
    int answers = text.indexOf("\nanswers:\n");
    Files.writeString(tests.resolve("crew-plan.yaml"), RecordedRunIT.CREW);
    Files.writeString(
        file, text.substring(0, plan) + "\nplan: crew-plan.yaml" + text.substring(answers));
    assertThat(examiner.test()).as(examiner.said()).isZero();
    Files.writeString(tests.resolve("crew-plan.yaml"), "name: x\nsteps: 7\n");
    assertThat(examiner.test()).isEqualTo(2);
    assertThat(examiner.said()).contains("crew-plan.yaml:2:8 steps");
    Files.delete(tests.resolve("crew-plan.yaml"));
    assertThat(examiner.test()).isEqualTo(2);
    assertThat(examiner.said()).contains("crew-plan.yaml cannot be read: it is not there");
  }

  @Test
  void live_it_asks_the_server_s_models_and_judges() throws Exception {
    edit("status: completed", "status: completed");
    String text = Files.readString(file);
    Files.writeString(file, text.substring(0, text.indexOf("\nasserts:\n")) + "\nasserts:\n");
    add("output: {jsonata: '$contains(output.answer, \"64.20\")'}");
    add("tools: {called: [calculator, todo]}");
    add("time: {max: 1m}");
    assertThat(examiner.test("--live", "--model", "other")).as(examiner.said()).isZero();
    assertThat(examiner.said()).contains("cost 0.");
    add("output: {judge: it names the sum}");
    assertThat(examiner.test("--live")).isEqualTo(1);
    assertThat(examiner.said()).contains("the judge gave no verdict but: I read: Rubric:");
    house.close();
    assertThat(examiner.test("--live")).isEqualTo(7);
  }

  @Test
  void wrong_calls_say_what_would_be_right() throws Exception {
    assertThat(examiner.test("--help")).isZero();
    assertThat(examiner.said()).contains("Usage: capstan test PATH", "Exit codes");
    assertThat(examiner.test("--jnit")).isEqualTo(2);
    assertThat(examiner.said()).contains("there is no option '--jnit'");
    assertThat(examiner.test("--model", "x")).isEqualTo(2);
    assertThat(examiner.test(tests.resolve("none.yaml").toString())).isEqualTo(2);
    assertThat(examiner.said()).contains("there is no file");
    Files.delete(file);
    assertThat(examiner.test()).isEqualTo(2);
    assertThat(examiner.said()).contains("there are no cases in");
  }
}
