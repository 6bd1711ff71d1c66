package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Agents and crews as models of OpenAI's clients: a question is a run, its result the answer. */
class RunModelsIT {
  private static final String SCRIPT =
      """
      rules:
        - match: {agent: You are clerk, text: fail}
          fault: callers_mistake
        - match: {agent: You are clerk, text: sums, turn: 1}
          say: I will see.
          tools: [{tool: calculator, arguments: {expression: "6 * 7"}}]
        - match: {agent: You are clerk, text: sums}
          say: It is 42.
        - match: {agent: You are clerk}
          say: "Heard: {{user}}"
        - match: {agent: You are editor}
          say: The page.
        - say: A fact.
      """;

  private static final String MODELS =
      """
      providers:
        script: {type: scripted, script: script.yaml}
      models:
        default: {primary: {provider: script, model: m}}
      cost_tracking:
        model_costs: {m: {input: 0.001, output: 0.002}}
      """;

  private static final String BRIEF =
      """
      inputs: {topic: string, length: {type: integer, default: 3}}
      agents:
        finder: {role: finder, goal: g}
        editor: {role: editor, goal: g}
      tasks:
        facts: {description: "find ${inputs.topic}", agent: finder}
        page: {description: write, agent: editor}
      """;

  @TempDir Path home;
  private TestHouse house;

  @BeforeEach
  void open() throws Exception {
    Files.writeString(home.resolve("script.yaml"), SCRIPT);
    Files.writeString(home.resolve("capstan.yaml"), MODELS);
    Path crews = Files.createDirectories(home.resolve("crews"));
    Files.writeString(crews.resolve("clerk.yaml"), "{role: clerk, goal: g, tools: [calculator]}");
    Files.writeString(crews.resolve("brief.yml"), BRIEF);
    Files.writeString(crews.resolve("notes.txt"), "not meant");
    house = TestHouse.open(home);
  }

  @AfterEach
  void close() {
    house.close();
  }

  private HttpResponse<String> ask(JsonNode body) throws Exception {
    return house.post("/v1/chat/completions", body);
  }

  @Test
  void they_are_listed_with_the_other_models() throws Exception {
    String list = house.get("/v1/models").body();
    assertThat(list).contains("\"agent:clerk\"", "\"crew:brief\"", "\"default\"");
    assertThat(house.get("/v1/models/agent:clerk").statusCode()).isEqualTo(200);
    assertThat(house.get("/v1/models/agent:nobody").statusCode()).isEqualTo(404);
  }

  @Test
  void an_agent_s_answer_is_its_run_s_result() throws Exception {
    HttpResponse<String> answer = ask(ChatHouse.asking("agent:clerk", "what are the sums?"));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode body = Json.parse(answer.body());
    assertThat(ChatHouse.words(body)).isEqualTo("It is 42.");
    assertThat(body.path("usage").path("completion_tokens").asInt()).isPositive();
    String run = answer.headers().firstValue("x-capstan-run").orElseThrow();
    JsonNode shown = Json.parse(house.get("/runs/" + run).body());
    assertThat(shown.path("status").asString()).isEqualTo("completed");
    assertThat(answer.headers().firstValue("x-capstan-cost"))
        .contains(shown.path("steps").path(0).path("output").path("cost").asString());
  }

  @Test
  void its_words_are_streamed_to_the_last_letter() throws Exception {
    assertThat(stream(ChatHouse.asking("agent:clerk", "what are the sums?")))
        .isEqualTo("I will see.\n\nIt is 42.");
  }

  /** All that was streamed, which must have ended well. */
  private String stream(ObjectNode body) throws Exception {
    HttpResponse<String> answer = ask(body.put("stream", true));
    assertThat(answer.headers().firstValue("x-capstan-run")).isPresent();
    List<String> events =
        answer
            .body()
            .lines()
            .filter(line -> line.startsWith("data: "))
            .map(line -> line.substring(6))
            .toList();
    assertThat(events.getLast()).as(answer.body()).isEqualTo("[DONE]");
    return ChatHouse.joined(events);
  }

  @Test
  void a_crew_takes_a_text_or_its_inputs() throws Exception {
    for (String said : List.of("tea", "{\"topic\": \"tea\", \"length\": 4}")) {
      HttpResponse<String> answer = ask(ChatHouse.asking("crew:brief", said));
      assertThat(ChatHouse.words(Json.parse(answer.body())))
          .as(answer.body())
          .isEqualTo("The page.");
    }
    assertThat(stream(ChatHouse.asking("crew:brief", "tea"))).isEqualTo("The page.");
  }

  @Test
  void what_was_said_before_is_told_too() throws Exception {
    ObjectNode body = ChatHouse.asking("agent:clerk", "my name is Ann");
    body.withArray("messages").addObject().put("role", "assistant").put("content", "hello");
    body.withArray("messages").addObject().put("role", "user").put("content", "who am I?");
    assertThat(ChatHouse.words(Json.parse(ask(body).body())))
        .contains("my name is Ann", "you: hello", "Now: who am I?");
  }

  @Test
  void what_goes_wrong_is_told_as_openai_does() throws Exception {
    HttpResponse<String> failed = ask(ChatHouse.asking("agent:clerk", "please fail"));
    assertThat(failed.statusCode()).as(failed.body()).isBetween(400, 502);
    assertThat(Json.parse(failed.body()).path("error").path("message").asString()).isNotEmpty();
    assertThat(failed.headers().firstValue("x-capstan-run")).isPresent();
    HttpResponse<String> unknown = ask(ChatHouse.asking("agent:clark", "hello"));
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("model_not_found", "did you mean 'agent:clerk'?");
    ObjectNode tools = ChatHouse.asking("agent:clerk", "hello");
    tools
        .withArray("tools")
        .addObject()
        .put("type", "function")
        .putObject("function")
        .put("name", "f");
    assertThat(ask(tools).statusCode()).isEqualTo(400);
    HttpResponse<String> wrong = ask(ChatHouse.asking("crew:brief", "{\"topic\": 7}"));
    assertThat(wrong.statusCode()).as(wrong.body()).isEqualTo(422);
  }

  @Test
  void a_folder_with_mistakes_is_told_at_the_start() throws Exception {
    Path other = Files.createDirectories(home.resolve("other"));
    Files.writeString(other.resolve("a.yaml"), "{role: clerk, gaol: g}");
    Files.writeString(other.resolve("b c.yaml"), "{role: clerk, goal: g}");
    Path elsewhere = Files.createDirectories(home.resolve("elsewhere"));
    assertThatThrownBy(
            () -> TestHouse.open(elsewhere, Map.of("CAPSTAN_CREWS", other.toString())).close())
        .hasRootCauseInstanceOf(Refusal.class)
        .rootCause()
        .satisfies(cause -> {
          String mistakes = ((Refusal) cause).problem().mistakes().toString();
          assertThat(mistakes).contains("a.yaml gaol", "did you mean 'goal'?", "b c.yaml");
        });
  }
}
