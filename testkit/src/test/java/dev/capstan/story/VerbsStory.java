package dev.capstan.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.story.Terminal.Said;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Somebody at a prompt looks back on what agents did: keeps a run as a test, tries it otherwise,
 * holds the two against each other, and sees and forgets what agents remember.
 */
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VerbsStory {
  private static final String MODELS =
      """
      providers:
        script: {type: scripted, script: script.yaml}
      models:
        default: {primary: {provider: script, model: priced}}
        other: {primary: {provider: script, model: dear}}
      cost_tracking:
        model_costs:
          priced: {input: 0.001, output: 0.002}
          dear: {input: 0.01, output: 0.02}
      """;

  private static final String SCRIPT =
      """
      rules:
        - match: {agent: keeper, turn: 1}
          tools:
            - {tool: calculator, arguments: {expression: "6 * 7"}}
            - {tool: remember, arguments: {text: The warehouse in Oslo closes at noon on Fridays, importance: 0.9}}
        - match: {agent: keeper}
          say: "It comes to 42."
        - say: "I read: {{user}}"
      """;

  private static final String PLAN =
      """
      name: stores
      inputs:
        order: {type: string, default: six times seven}
      steps:
        - id: sum
          tool: agent
          input:
            role: keeper
            goal: to know
            task: "What does ${inputs.order} come to?"
            tools: [calculator]
            memory: {group: stores, recall: 3}
        - id: judge
          tool: agent
          input:
            role: critic
            goal: to find fault
            task: "Is this right: ${steps.sum.output.text}"
      outputs:
        answer: ${steps.judge.output.text}
      """;

  @TempDir static Path home;
  private static ServerProcess server;
  private static Terminal terminal;
  private static String run = "";

  @BeforeAll
  static void up() throws Exception {
    Files.writeString(home.resolve("capstan.yaml"), MODELS);
    Files.writeString(home.resolve("script.yaml"), SCRIPT);
    Path plan = Files.writeString(home.resolve("stores.yaml"), PLAN);
    server = ServerProcess.start(home);
    terminal = new Terminal(server.url(), home.toString());
    JsonNode ended = well("run", plan.toString(), "--json").json();
    run = ended.path("id").asString("");
    assertThat(ended.path("outputs").path("answer").asString(""))
        .startsWith("I read: Is this right: It comes to 42.");
  }

  @AfterAll
  static void down() {
    server.close();
  }

  private static Said well(String... call) {
    Said said = terminal.call(call);
    assertThat(said.code()).as("%s%n%s", String.join(" ", call), said.err()).isZero();
    return said;
  }

  private static String refused(int code, String... call) {
    Said said = terminal.call(call);
    assertThat(said.code()).as("%s%n%s", String.join(" ", call), said.out()).isEqualTo(code);
    assertThat(said.out()).isEmpty();
    assertThat(said.err()).startsWith("✗ ").doesNotContain("a defect");
    return said.err();
  }

  @Test
  @Order(1)
  void a_run_is_recorded_as_a_test_that_passes_where_there_is_no_server() throws Exception {
    Path file = home.resolve("tests/deep/stores.yaml");
    Said saved = well("record", run, "-o", file.toString());
    assertThat(saved.out()).isEmpty();
    assertThat(saved.err()).contains("the case of " + run + " is saved in " + file, " bytes)");
    String page = Files.readString(file);
    assertThat(page).contains("format: capstan-case/1", "agent: critic", "asserts:");
    assertThat(well("record", "last").out()).as("the same on the standard output").isEqualTo(page);
    assertThat(file.resolveSibling("stores.yaml.part")).doesNotExist();
    String jar = ReadmeStory.root().resolve("edge/server/target/app/capstan-server.jar").toString();
    Process test =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                jar,
                "dev.capstan.server.CaseTests",
                home.resolve("tests").toString())
            .redirectErrorStream(true)
            .start();
    String said =
        new String(test.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(test.waitFor()).as(said).isZero();
    assertThat(said).contains("✓ stores", "1 case: 1 passed");
  }

  @Test
  @Order(2)
  void what_cannot_be_recorded_says_why_and_leaves_no_file() throws Exception {
    Path waiting =
        Files.writeString(home.resolve("w.yaml"), "name: w\nsteps: [{id: a, signal: go}]");
    String open = well("run", waiting.toString(), "--detach").out().strip();
    Path file = home.resolve("never.yaml");
    assertThat(refused(5, "record", open, "-o", file.toString())).contains("it has not ended");
    assertThat(file).doesNotExist();
    assertThat(home.resolve("never.yaml.part")).doesNotExist();
    well("cancel", open);
    assertThat(refused(3, "record", "run_0000000000001")).contains("run_0000000000001");
    assertThat(refused(2, "record", "../etc")).contains("is no run");
  }

  @Test
  @Order(3)
  void a_fork_with_another_model_is_held_against_the_run_that_it_came_from() {
    assertThat(well("diff", run, run, "--json").json().path("same").asBoolean()).isTrue();
    Said fork = well("fork", run, "--from", "judge", "--set", "input.model=other");
    String other = fork.out().strip();
    assertThat(other).matches("run_[0-9a-z]{13}").isNotEqualTo(run);
    assertThat(fork.err()).contains("capstan watch " + other);
    well("watch", other);
    Said diff = terminal.call("diff", run, other);
    assertThat(diff.code()).as(diff.err()).isEqualTo(1);
    assertThat(diff.out()).contains("judge").contains("$");
    JsonNode told = terminal.call("diff", run, other, "--json").json();
    assertThat(told.path("same").asBoolean(true)).isFalse();
  }

  @Test
  @Order(4)
  void an_agent_is_taken_up_at_a_turn_and_told_something_else_afterwards() {
    String other =
        well("fork", run, "--from", "sum@2", "--set", "steps.judge.input.task=Nothing new?")
            .out()
            .strip();
    Said watched = well("watch", other);
    assertThat(watched.out()).contains("I read: Nothing new?");
    assertThat(terminal.call("diff", run, other).code()).isEqualTo(1);
    assertThat(refused(2, "fork", run, "--from", "sum@x")).contains("names no turn", "STEP@2");
    assertThat(refused(3, "fork", run, "--from", "nowhere")).contains("nowhere");
    assertThat(refused(2, "fork", run, "--from", "judge", "--set", "task=x"))
        .contains("'task' is neither");
    assertThat(refused(2, "fork", run)).contains("--from");
    assertThat(refused(2, "diff", run)).contains("RUN");
    assertThat(refused(3, "diff", run, "run_0000000000001")).contains("run_0000000000001");
  }

  @Test
  @Order(5)
  void what_agents_remember_is_listed_searched_and_forgotten() {
    assertThat(well("memory", "list").out()).contains("stores").contains("memories");
    Said listed = well("memory", "list", "stores");
    assertThat(listed.out()).contains("The warehouse in Oslo closes at noon on Fridays", "0.9");
    JsonNode first = well("memory", "list", "stores", "--json").json().path("items").path(0);
    Said found = well("memory", "search", "stores", "opening", "hours", "in", "Oslo");
    assertThat(found.out()).contains("closes at noon on Fridays");
    assertThat(well("memory", "search", "nobody", "anything").err())
        .contains("nothing comes to mind");
    for (Map.Entry<String, String[]> wrong :
        Map.of(
                "say what to forget", new String[] {"memory", "forget", "stores"},
                "say what to do", new String[] {"memory"},
                "QUERY", new String[] {"memory", "search", "stores"},
                "limit", new String[] {"memory", "list", "stores", "--limit", "0"})
            .entrySet()) {
      assertThat(refused(2, wrong.getValue())).contains(wrong.getKey());
    }
    assertThat(refused(3, "memory", "forget", "stores", "abc")).isNotEmpty();
    assertThat(well("memory", "forget", "stores", first.path("id").asString("")).err())
        .contains("forgotten: 1");
    assertThat(well("memory", "forget", "stores", "--containing", "no such text").err())
        .contains("forgotten: 0");
    well("memory", "forget", "stores", "--all");
    assertThat(well("memory", "list").err()).contains("nothing is remembered");
  }
}
