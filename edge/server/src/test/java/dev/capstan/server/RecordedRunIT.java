package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs that have ended, run again from what was recorded of them, where nobody would answer. */
class RecordedRunIT {
  static final String MODELS =
      """
      providers:
        script: {type: scripted, script: answers.yaml}
      models:
        default:
          primary: {provider: script, model: answers}
          retry_policy: {max_retries: 0}
        other: {primary: {provider: script, model: others}}
      cost_tracking:
        model_costs:
          answers: {input: 0.001, output: 0.001}
          others: {input: 0.002, output: 0.002}
      """;

  static final String ANSWERS =
      """
      rules:
        - match: {agent: bookkeeper, turn: 1}
          say: I will work that out.
          tools: [{tool: calculator, arguments: {expression: "3 * 19.90 + 4.50"}}]
        - match: {agent: bookkeeper, tool_result: calculator}
          tools: [{tool: todo, arguments: {action: add, text: "pay 64.20"}}, {tool: nothing, arguments: {}}]
        - match: {agent: bookkeeper}
          say: The order comes to 64.20.
        - match: {agent: critic, turn: 1}
          tools: [{tool: http, arguments: {method: GET, url: "http://nowhere.invalid/"}}]
        - say: "I read: {{user}}"
      """;

  static final String CREW =
      """
      name: orders
      inputs:
        order: {type: string, default: "three books at 19.90 and 4.50 for the post"}
      steps:
        - id: book
          tool: agent
          input:
            role: bookkeeper
            goal: to leave no bill unpaid
            task: "What does this come to: ${inputs.order}?"
            tools: [calculator, todo]
        - id: judge
          tool: agent
          input:
            role: critic
            goal: to find fault
            task: "Is this right: ${steps.book.output.text}?"
            tools: [http]
        - id: note
          tool: todo
          input: {action: add, text: "${steps.judge.output.text}"}
      outputs:
        answer: ${steps.judge.output.text}
        run: ${run.id}
      """;

  /** Models are configured, and every question to them is answered with a failure. */
  static final String REFUSING = "rules: [{fault: authentication}]";

  @TempDir Path home;
  @TempDir Path elsewhere;

  static TestHouse house(Path home, String answers) throws IOException {
    Files.writeString(home.resolve("capstan.yaml"), MODELS);
    Files.writeString(home.resolve("answers.yaml"), answers);
    return TestHouse.open(home);
  }

  static String submit(TestHouse house, String plan) throws Exception {
    HttpResponse<String> answer = house.post("/runs", Map.of("plan", plan));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return Json.parse(answer.body()).path("id").stringValue();
  }

  static JsonNode again(TestHouse house, String run) throws Exception {
    HttpResponse<String> answer = house.post("/runs/" + run + "/replay", Map.of("recorded", true));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.parse(answer.body()).path("recorded");
  }

  @Test
  void a_run_of_agents_is_run_again_in_a_house_whose_models_refuse_every_call() throws Exception {
    JsonNode exported;
    JsonNode ended;
    try (TestHouse house = house(home, ANSWERS)) {
      String run = submit(house, CREW);
      ended = house.end(run);
      assertThat(ended.path("status").stringValue()).as("%s", ended).isEqualTo("completed");
      exported = Json.parse(house.get("/runs/" + run + "/export").body());
    }
    try (TestHouse house = house(elsewhere, REFUSING)) {
      HttpResponse<String> taken = house.post("/runs/import", exported);
      assertThat(taken.statusCode()).as(taken.body()).isEqualTo(201);
      String run = ended.path("id").stringValue();
      JsonNode here = Json.parse(house.get("/runs/" + run + "/export").body());
      assertThat(here.findValues("at")).as("its own times").isEqualTo(exported.findValues("at"));
      JsonNode again = again(house, run);
      assertThat(again.path("same").asBoolean()).as("%s", again).isTrue();
      assertThat(again.path("answers").asInt()).isEqualTo(5);
      assertThat(again.path("results").asInt()).isEqualTo(4);
      assertThat(Json.parse(house.get("/costs").body()).path("items")).isEmpty();
      System.out.println("figure: 5 answers and 4 results replayed, no provider asked");
    }
  }

  @Test
  void workers_that_were_at_work_side_by_side_are_given_back_each_its_own_answers()
      throws Exception {
    String script =
        """
        rules:
          - match: {agent: You are chief, turn: 1}
            tools:
              - {tool: delegate, arguments: {agent: slow, task: add up}}
              - {tool: delegate, arguments: {agent: quick, task: add up}}
          - match: {agent: You are chief}
            tools: [{tool: finish, arguments: {answer: "both"}}]
          - match: {agent: You are slow, turn: 1}
            tools: [{tool: calculator, arguments: {expression: "1 + 1"}}]
            delay: 300ms
          - match: {agent: You are quick, turn: 1}
            tools: [{tool: calculator, arguments: {expression: "2 + 2"}}]
          - match: {agent: You are slow}
            say: "slowly: {{result}}"
          - say: "quickly: {{result}}"
        """;
    String crew =
        """
        process: hierarchical
        manager: {role: chief, goal: g}
        agents:
          slow: {role: slow, goal: g, tools: [calculator]}
          quick: {role: quick, goal: g, tools: [calculator]}
        tasks: {all: {description: have it added up}}
        """;
    try (TestHouse house = house(home, script)) {
      HttpResponse<String> answer = house.post("/runs", Map.of("crew", crew));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
      String run = Json.parse(answer.body()).path("id").stringValue();
      JsonNode ended = house.end(run);
      assertThat(ended.path("status").stringValue()).as("%s", ended).isEqualTo("completed");
      for (int times = 0; times < 5; times++) {
        JsonNode again = again(house, run);
        assertThat(again.path("same").asBoolean()).as("%s", again).isTrue();
        assertThat(again.path("answers").asInt()).isEqualTo(6);
      }
    }
  }

  @Test
  void what_people_said_and_what_failed_comes_again_and_waiting_takes_no_time() throws Exception {
    String plan =
        """
        name: everything
        allow_partial_completion: true
        steps:
          - {id: agree, approval: "go on?"}
          - {id: told, signal: go, depends_on: [agree]}
          - {id: rest, wait: 1s, depends_on: [told]}
          - id: each
            foreach: "${[1, 2, 3]}"
            tool: calculator
            input: {expression: "${item} * 2"}
          - id: broken
            tool: http
            input: {method: GET, url: "http://nowhere.invalid/"}
            retry: {max_retries: 1, base_delay: 10ms}
          - id: inner
            plan:
              name: inside
              steps: [{id: say, tool: echo, input: {value: "${run.tenant}"}}]
              outputs: {said: "${steps.say.output}"}
          - id: rounds
            loop:
              plan:
                name: round
                inputs: {n: {type: number}}
                steps: [{id: add, tool: calculator, input: {expression: "${inputs.n} + 1"}}]
                outputs: {n: "${steps.add.output.result}"}
              until: "${last.n >= 3}"
              max_iterations: 5
            input: {n: "${iteration}"}
        """;
    try (TestHouse house = TestHouse.open(home)) {
      String run = submit(house, plan);
      JsonNode waiting = again(house, run);
      assertThat(waiting.path("impossible").asString("")).contains("it has not ended");
      approve(house, run);
      house.post("/runs/" + run + "/signal", Map.of("name", "go", "payload", List.of(1, 2)));
      JsonNode ended = house.end(run);
      JsonNode again = again(house, run);
      assertThat(again.path("same").asBoolean())
          .as("%s%n%s", again, house.get("/runs/" + run).body())
          .isTrue();
      assertThat(again.path("results").asInt()).isGreaterThanOrEqualTo(5);
      assertThat(ended.path("steps").path(4).path("status").asString("")).isEqualTo("failed");
    }
  }

  private static void approve(TestHouse house, String run) throws Exception {
    ObjectNode body = Json.object().put("step", "agree").put("comment", "fine");
    int status = 0;
    for (int tries = 0; status != 202 && tries < 100; tries++) {
      status = house.post("/runs/" + run + "/approve", body).statusCode();
    }
    assertThat(status).isEqualTo(202);
  }

  @Test
  void a_cancelled_run_says_why_it_cannot_be_run_again() throws Exception {
    try (TestHouse house = TestHouse.open(home)) {
      String run = submit(house, "name: w\nsteps: [{id: told, signal: go}]");
      house.post("/runs/" + run + "/cancel", Map.of());
      house.end(run);
      JsonNode again = again(house, run);
      assertThat(again.path("same").asBoolean(true)).isFalse();
      assertThat(again.path("impossible").asString("")).contains("cancelled");
    }
  }

  @Test
  void an_agent_whose_model_failed_and_that_was_attempted_again_fails_and_goes_on_again()
      throws Exception {
    String answers =
        """
        rules:
          - match: {agent: clerk, turn: 1}
            tools: [{tool: calculator, arguments: {expression: "6 * 7"}}]
          - match: {agent: clerk, turn: 2}
            times: 1
            fault: malformed
          - say: It is 42.
        """;
    String plan =
        """
        name: again
        steps:
          - id: ask
            tool: agent
            input: {role: clerk, goal: sums, task: "What is 6 * 7?", tools: [calculator]}
            retry: {max_retries: 2, base_delay: 10ms}
        outputs: {answer: "${steps.ask.output.text}"}
        """;
    try (TestHouse house = house(home, answers)) {
      String run = submit(house, plan);
      JsonNode ended = house.end(run);
      assertThat(ended.path("outputs").path("answer").asString("")).isEqualTo("It is 42.");
      JsonNode again = again(house, run);
      assertThat(again.path("same").asBoolean()).as("%s", again).isTrue();
      HttpResponse<String> written = house.get("/runs/" + run + "/case");
      assertThat(written.statusCode()).as(written.body()).isEqualTo(200);
      assertThat(ended.path("steps").path(0).path("attempt").asInt(0)).isEqualTo(2);
      assertThat(written.body()).containsPattern("failed:\\s+\\{?code: ");
    }
  }
}
