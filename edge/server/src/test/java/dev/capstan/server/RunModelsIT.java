package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import java.io.InputStream;
import java.net.http.HttpRequest;
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
        - match: {agent: You are clerk, text: as json}
          json: {title: tea}
        - match: {agent: You are clerk, text: at length}
          say: Word by word.
        - match: {agent: You are clerk, text: slowly, turn: 1}
          say: I will see.
          tools: [{tool: calculator, arguments: {expression: "6 * 7"}}]
        - match: {agent: You are clerk, text: slowly 3}
          say: It took three seconds.
          delay: 3s
        - match: {agent: You are clerk, text: slowly}
          say: Too late.
          delay: 60s
        - match: {agent: You are clerk}
          say: "Heard: {{user}}"
        - match: {agent: You are editor}
          say: The page.
        - say: A fact.
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
    Path crews = Files.createDirectories(home.resolve("crews"));
    Files.writeString(crews.resolve("clerk.yaml"), "{role: clerk, goal: g, tools: [calculator]}");
    Files.writeString(crews.resolve("brief.yml"), BRIEF);
    Files.writeString(crews.resolve("notes.txt"), "not meant");
    house = TestHouse.scripted(home, SCRIPT);
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
    return words(ask(body.put("stream", true)));
  }

  private static String words(HttpResponse<String> answer) {
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
    HttpResponse<String> wrong = ask(ChatHouse.asking("crew:brief", "{\"topic\": 7}"));
    assertThat(wrong.statusCode()).as(wrong.body()).isEqualTo(422);
  }

  private HttpResponse<String> ask(JsonNode body, String key) throws Exception {
    return house.send(post(body).header("Idempotency-Key", key).build());
  }

  private HttpRequest.Builder post(JsonNode body) {
    return house
        .to("/v1/chat/completions")
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)));
  }

  private static String run(HttpResponse<?> answer) {
    return answer.headers().firstValue("x-capstan-run").orElseThrow();
  }

  @Test
  void the_same_key_is_the_same_run_and_its_answer() throws Exception {
    ObjectNode body = ChatHouse.asking("agent:clerk", "what are the sums?");
    HttpResponse<String> first = ask(body, "k1");
    HttpResponse<String> again = ask(body, "k1");
    assertThat(run(again)).isEqualTo(run(first));
    assertThat(ChatHouse.words(Json.parse(again.body()))).isEqualTo("It is 42.");
    assertThat(run(ask(body, "k2"))).isNotEqualTo(run(first));
    HttpResponse<String> other = ask(ChatHouse.asking("agent:clerk", "something else"), "k1");
    assertThat(other.statusCode()).as(other.body()).isEqualTo(422);
    assertThat(other.body()).contains("key_reused");
  }

  @Test
  void a_client_that_leaves_ends_the_run_unless_it_gave_it_a_key() throws Exception {
    String left = leave(post(ChatHouse.asking("agent:clerk", "slowly").put("stream", true)));
    assertThat(house.end(left).path("status").asString()).isEqualTo("cancelled");
    ObjectNode body = ChatHouse.asking("agent:clerk", "slowly 3").put("stream", true);
    String kept = leave(post(body).header("Idempotency-Key", "mine"));
    HttpResponse<String> back = ask(body, "mine");
    assertThat(run(back)).isEqualTo(kept);
    assertThat(words(back)).isEqualTo("I will see.\n\nIt took three seconds.");
    assertThat(house.end(kept).path("status").asString()).isEqualTo("completed");
  }

  /** Hears the first words and goes. */
  private String leave(HttpRequest.Builder request) throws Exception {
    HttpResponse<InputStream> answer =
        house.client().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream stream = answer.body()) {
      assertThat(stream.read()).isEqualTo('d');
    }
    return run(answer);
  }

  @Test
  void how_a_model_chooses_its_words_is_passed_to_the_agents() throws Exception {
    ObjectNode body = ChatHouse.asking("crew:brief", "tea").put("temperature", 0.2);
    body.put("top_p", 0.9).put("seed", 7).put("max_tokens", 500).put("tool_choice", "auto");
    JsonNode steps = steps(run(ask(body)));
    JsonNode words = Json.parse("{\"temperature\":0.2,\"top_p\":0.9,\"seed\":7}");
    assertThat(steps.path(0).path("input").path("sampling")).isEqualTo(words);
    assertThat(steps.path(0).path("input").has("limits")).as("of the answer only").isFalse();
    assertThat(steps.path(1).path("input").path("sampling")).isEqualTo(words);
    assertThat(steps.path(1).path("input").path("limits").path("max_output_tokens").asInt())
        .isEqualTo(500);
    Files.writeString(
        home.resolve("crews/cold.yaml"),
        "{role: clerk, goal: g, sampling: {temperature: 0}, limits: {max_output_tokens: 50}}");
    JsonNode cold = steps(run(ask(body.put("model", "agent:cold")))).path(0).path("input");
    assertThat(cold.path("sampling").path("temperature").asInt(9)).as("the file's").isZero();
    assertThat(cold.path("limits").path("max_output_tokens").asInt()).isEqualTo(50);
  }

  private JsonNode steps(String run) throws Exception {
    JsonNode exported = Json.parse(house.get("/runs/" + run + "/export").body());
    return exported.path("plan").path("steps");
  }

  private static ObjectNode titled(String model) {
    ObjectNode body = ChatHouse.asking(model, "say it as json");
    body.set(
        "response_format",
        Json.parse(
            "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"page\",\"schema\":"
                + "{\"type\":\"object\",\"required\":[\"title\"],"
                + "\"properties\":{\"title\":{\"type\":\"string\"}}}}}"));
    return body;
  }

  @Test
  void an_answer_in_a_form_is_json_and_nothing_else() throws Exception {
    for (ObjectNode body : List.of(titled("agent:clerk"), titled("agent:clerk"))) {
      HttpResponse<String> answer = ask(body);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(ChatHouse.words(Json.parse(answer.body()))).isEqualTo("{\"title\":\"tea\"}");
      assertThat(stream(body)).isEqualTo("{\"title\":\"tea\"}");
      body.putObject("response_format").put("type", "json_object");
    }
  }

  @Test
  void what_max_tokens_cuts_off_is_told_as_far_as_it_goes() throws Exception {
    ObjectNode body = ChatHouse.asking("agent:clerk", "tell it at length").put("max_tokens", 2);
    assertThat(cut(body)).isEqualTo("Word by ");
    assertThat(cut(titled("agent:clerk").put("max_tokens", 2))).isEqualTo("{\"title\"");
    HttpResponse<String> stream = ask(body.put("stream", true));
    assertThat(words(stream)).isEqualTo("Word by ");
    assertThat(stream.body()).containsOnlyOnce("\"finish_reason\":\"length\"");
    Files.writeString(
        home.resolve("crews/strict.yaml"), "{role: clerk, goal: g, limits: {keep_cut: false}}");
    HttpResponse<String> strict = ask(body.put("model", "agent:strict").put("stream", false));
    assertThat(strict.statusCode()).isEqualTo(429);
    assertThat(strict.body()).contains("cut off after 2 tokens");
  }

  private String cut(ObjectNode body) throws Exception {
    HttpResponse<String> answer = ask(body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode choice = Json.parse(answer.body()).path("choices").path(0);
    assertThat(choice.path("finish_reason").asString()).isEqualTo("length");
    return choice.path("message").path("content").asString();
  }

  @Test
  void what_an_agent_cannot_take_is_refused_by_its_field() throws Exception {
    Files.writeString(
        home.resolve("crews/own.yaml"), "{role: clerk, goal: g, output_schema: {type: object}}");
    Files.writeString(home.resolve("crews/out.yaml"), BRIEF + "outputs: {page: 7}\n");
    ObjectNode expression = titled("agent:clerk");
    expression
        .path("response_format")
        .path("json_schema")
        .path("schema")
        .asObject()
        .put("title", "${$now()}");
    refused(titled("agent:own"), "response_format");
    refused(titled("crew:out"), "response_format");
    refused(expression, "response_format");
    refused(ChatHouse.asking("agent:clerk", "hello").put("stop", "x"), "stop");
    ObjectNode tools = ChatHouse.asking("agent:clerk", "hello");
    tools
        .withArray("tools")
        .addObject()
        .put("type", "function")
        .putObject("function")
        .put("name", "f");
    refused(tools, "tools");
  }

  private void refused(ObjectNode body, String field) throws Exception {
    HttpResponse<String> answer = ask(body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(Json.parse(answer.body()).path("error").path("param").asString("")).isEqualTo(field);
  }

  @Test
  void files_that_come_change_break_and_go_are_noticed() throws Exception {
    Path file = home.resolve("crews/late.yaml");
    assertThat(status("agent:late")).isEqualTo(404);
    Files.writeString(file, "{role: clerk, goal: g}");
    assertThat(status("agent:late")).isEqualTo(200);
    assertThat(house.get("/v1/models").body()).contains("\"agent:late\"");
    Files.writeString(file, "{role: clerk, gaol: of another}");
    assertThat(status("agent:late")).as("as it last was good").isEqualTo(200);
    assertThat(house.get("/v1/models/agent:late").body()).contains("did you mean 'goal'?");
    Files.writeString(file, "{role: somebody else, goal: g}");
    assertThat(ChatHouse.words(Json.parse(ask(ChatHouse.asking("agent:late", "hi")).body())))
        .isEqualTo("A fact.");
    assertThat(house.get("/v1/models/agent:late").body()).doesNotContain("mistakes");
    Files.delete(file);
    assertThat(status("agent:late")).isEqualTo(404);
    Files.writeString(home.resolve("crews/bad.yaml"), "{role: clerk}");
    HttpResponse<String> bad = ask(ChatHouse.asking("agent:bad", "hi"));
    assertThat(bad.statusCode()).isEqualTo(400);
    assertThat(bad.body()).contains("bad.yaml", "has no goal");
    assertThat(house.get("/v1/models").body()).doesNotContain("agent:bad");
    assertThat(status("agent:clerk")).as("the others").isEqualTo(200);
  }

  @Test
  void of_two_files_of_one_name_the_first_answers_and_both_are_told() throws Exception {
    Path second = home.resolve("crews/clerk.json");
    Files.writeString(second, "{\"role\": \"somebody else\", \"goal\": \"g\"}");
    ObjectNode body = ChatHouse.asking("agent:clerk", "hi");
    for (int times = 0; times < 2; times++) {
      assertThat(ChatHouse.words(Json.parse(ask(body).body()))).isEqualTo("Heard: hi");
    }
    for (String list : List.of("/v1/models/agent:clerk", "/v1/models")) {
      assertThat(house.get(list).body())
          .contains("clerk.json: is called agent:clerk, which is the name of")
          .contains("clerk.yaml: rename one of them");
    }
    Files.delete(home.resolve("crews/clerk.yaml"));
    assertThat(ChatHouse.words(Json.parse(ask(body).body()))).isEqualTo("A fact.");
    assertThat(house.get("/v1/models").body()).doesNotContain("rename");
  }

  private int status(String model) throws Exception {
    return ask(ChatHouse.asking(model, "hello")).statusCode();
  }

  @Test
  void a_folder_with_mistakes_is_told_at_the_start() throws Exception {
    Path other = Files.createDirectories(home.resolve("other"));
    Files.writeString(other.resolve("a.yaml"), "{role: clerk, gaol: g}");
    Files.writeString(other.resolve("b c.yaml"), "{role: clerk, goal: g}");
    Files.writeString(other.resolve("d.yaml"), "{role: clerk, goal: g, model: demo}");
    Files.writeString(other.resolve("d.yml"), "{role: clerk, goal: g, model: demo}");
    Path elsewhere = Files.createDirectories(home.resolve("elsewhere"));
    assertThatThrownBy(
            () -> TestHouse.open(elsewhere, Map.of("CAPSTAN_CREWS", other.toString())).close())
        .hasRootCauseInstanceOf(Refusal.class)
        .rootCause()
        .satisfies(cause -> {
          String mistakes = ((Refusal) cause).problem().mistakes().toString();
          assertThat(mistakes).contains("a.yaml gaol", "did you mean 'goal'?", "b c.yaml");
          assertThat(mistakes).containsPattern("d.yml: is called agent:d, .*d.yaml: rename");
        });
  }
}
