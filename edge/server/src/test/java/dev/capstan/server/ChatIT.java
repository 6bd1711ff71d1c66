package dev.capstan.server;

import static dev.capstan.server.ChatHouse.asking;
import static dev.capstan.server.ChatHouse.joined;
import static dev.capstan.server.ChatHouse.words;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.twin.Bill;
import dev.capstan.twin.Denial;
import dev.capstan.twin.Mishap;
import dev.capstan.twin.Scene;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Models over HTTP, before a twin that plays the vendors. */
class ChatIT {
  @TempDir Path home;
  private ChatHouse chat;

  @BeforeEach
  void open() throws Exception {
    chat = new ChatHouse(home);
  }

  @AfterEach
  void close() {
    chat.close();
  }

  private Bill.Line billed() {
    return chat.twin.bill().total();
  }

  @Test
  void a_question_is_answered_and_costs_what_the_vendor_bills() throws Exception {
    chat.twin.script().always(Scene.says("Forty-two."));
    HttpResponse<String> answer = chat.ask(asking("twin", "what is the answer?"));
    JsonNode body = Json.parse(answer.body());
    assertThat(words(body)).isEqualTo("Forty-two.");
    assertThat(body.path("choices").path(0).path("finish_reason").stringValue()).isEqualTo("stop");
    assertThat(body.path("usage").path("prompt_tokens").longValue()).isEqualTo(billed().input());
    assertThat(body.path("usage").path("completion_tokens").longValue())
        .isEqualTo(billed().output());
    Money each = Money.dollars("0.000001");
    assertThat(answer.headers().firstValue("x-capstan-cost"))
        .contains(each.times(billed().input() + billed().output()).toString());
    assertThat(answer.headers().firstValue("x-capstan-provider")).contains("first");
    assertThat(answer.headers().firstValue("x-capstan-cache")).contains("miss");
    assertThat(chat.figure("llm_api_calls_total{provider=\"first\",status=\"success\"}"))
        .isEqualTo(1);
    assertThat(chat.figure("llm_tokens_total{provider=\"first\"}"))
        .isEqualTo((double) (billed().input() + billed().output()));
  }

  @Test
  void a_stream_adds_up_and_says_that_it_is_done() throws Exception {
    chat.twin.script().always(Scene.says("one two three four five six seven"));
    ObjectNode body = asking("twin", "count");
    body.putObject("stream_options").put("include_usage", true);
    List<String> events = chat.stream(body);
    assertThat(joined(events)).isEqualTo("one two three four five six seven");
    assertThat(events.getLast()).isEqualTo("[DONE]");
    JsonNode usage = Json.parse(events.get(events.size() - 2));
    assertThat(usage.path("choices")).isEmpty();
    assertThat(usage.path("usage").path("completion_tokens").longValue())
        .isEqualTo(billed().output());
    JsonNode last = Json.parse(events.get(events.size() - 3));
    assertThat(last.path("choices").path(0).path("finish_reason").stringValue()).isEqualTo("stop");
    assertThat(last.path("capstan").path("provider").stringValue()).isEqualTo("first");
  }

  @Test
  void tools_are_asked_for_and_answered() throws Exception {
    chat.twin
        .script()
        .next(
            Scene.says("")
                .wants("weather", "{\"city\":\"Oslo\"}")
                .wants("weather", "{\"city\":\"Rome\"}"),
            Scene.says("Cold and warm."));
    ObjectNode question = asking("twin", "how is the weather?");
    question
        .putArray("tools")
        .addObject()
        .put("type", "function")
        .putObject("function")
        .put("name", "weather")
        .putObject("parameters")
        .put("type", "object");
    JsonNode wish = chat.answer(question).path("choices").path(0);
    assertThat(wish.path("finish_reason").stringValue()).isEqualTo("tool_calls");
    JsonNode calls = wish.path("message").path("tool_calls");
    assertThat(calls.size()).isEqualTo(2);
    var messages = question.withArray("messages").add(wish.path("message"));
    JsonNode unanswered = chat.refusal(400, question);
    assertThat(unanswered.path("message").stringValue()).contains("must be followed by tool");
    for (JsonNode call : calls) {
      messages
          .addObject()
          .put("role", "tool")
          .put("tool_call_id", call.path("id").stringValue())
          .put("content", "so-so");
    }
    assertThat(words(chat.answer(question))).isEqualTo("Cold and warm.");
  }

  @Test
  void a_streamed_tool_request_adds_up() throws Exception {
    chat.twin.script().always(Scene.says("").wants("weather", "{\"city\":\"Oslo, the capital\"}"));
    StringBuilder arguments = new StringBuilder();
    String tool = "";
    for (String event : chat.stream(asking("twin", "weather?"))) {
      if (!event.equals("[DONE]")) {
        JsonNode call =
            Json.parse(event).path("choices").path(0).path("delta").path("tool_calls").path(0);
        tool += call.path("function").path("name").asString("");
        arguments.append(call.path("function").path("arguments").asString(""));
      }
    }
    assertThat(tool).isEqualTo("weather");
    assertThat(arguments).hasToString("{\"city\":\"Oslo, the capital\"}");
  }

  @Test
  void a_schema_reaches_the_vendor_with_all_that_was_asked() throws Exception {
    chat.twin.script().always(Scene.says("{\"name\":\"Oslo\"}"));
    ObjectNode question = asking("twin", "a city");
    question.put("max_completion_tokens", 77).put("temperature", 0.5).put("seed", 7);
    question.putArray("stop").add("END");
    ObjectNode schema =
        question
            .putObject("response_format")
            .put("type", "json_schema")
            .putObject("json_schema")
            .put("name", "city")
            .put("strict", true);
    schema.putObject("schema").put("type", "object").put("additionalProperties", false);
    assertThat(words(chat.answer(question))).isEqualTo("{\"name\":\"Oslo\"}");
    JsonNode asked = chat.twin.asks().getLast().body();
    assertThat(asked.path("response_format").path("json_schema").path("name").stringValue())
        .isEqualTo("city");
    assertThat(asked.path("max_tokens").intValue()).isEqualTo(77);
    assertThat(asked.path("seed").intValue()).isEqualTo(7);
    assertThat(chat.twin.asks().getLast().key()).isEqualTo(ChatHouse.KEY);
  }

  @Test
  void mistakes_are_told_by_their_field() throws Exception {
    for (var wrong :
        Map.of(
                "{\"model\":\"twin\"}", "messages",
                "{\"model\":\"twin\",\"messages\":[]}", "messages",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "model",
                "{\"model\":\"twin\",\"messages\":[{\"role\":\"king\",\"content\":\"x\"}]}",
                    "messages[0].role",
                "{\"model\":\"twin\",\"n\":2,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                    "n",
                "{\"model\":\"twin\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"http://example.org/a.png\"}}]}]}",
                    "messages[0].content[0].image_url.url",
                "{\"model\":\"twin\",\"tool_choice\":\"required\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                    "tool_choice",
                "{\"model\":\"twin\",\"temperature\":3,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                    "temperature")
            .entrySet()) {
      JsonNode error = chat.refusal(400, Json.parse(wrong.getKey()));
      assertThat(error.path("type").stringValue()).isEqualTo("invalid_request_error");
      assertThat(error.path("param").asString("")).as("%s", error).isEqualTo(wrong.getValue());
    }
    assertThat(chat.refusal(404, asking("twni", "x")).path("code").stringValue())
        .isEqualTo("model_not_found");
    assertThat(chat.refusal(404, asking("twni", "x")).path("message").stringValue())
        .contains("twin");
    assertThat(chat.twin.bill().requests()).isZero();
  }

  @Test
  void another_vendor_answers_before_the_first_token() throws Exception {
    for (Scene fault :
        List.of(
            Scene.of(Mishap.denies(Denial.SERVER_ERROR)),
            Scene.of(Mishap.breaks(Mishap.Where.BEFORE_HEADERS, Mishap.How.CUT)),
            Scene.of(Mishap.breaks(Mishap.Where.BEFORE_HEADERS, Mishap.How.STALL)),
            Scene.of(Mishap.breaks(Mishap.Where.MIDWAY, Mishap.How.CUT)),
            Scene.of(Mishap.garbles(Mishap.Garble.MALFORMED_JSON)),
            Scene.of(Mishap.garbles(Mishap.Garble.EMPTY_BODY)),
            Scene.of(
                Mishap.denies(Denial.RATE_LIMIT, Mishap.Form.SECONDS, Duration.ofMinutes(1))))) {
      chat.twin.script().on("first", fault).on("second", Scene.says("Here I am."));
      HttpResponse<String> answer = chat.ask(asking("twin", "who is there?"));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.headers().firstValue("x-capstan-provider")).contains("second");
    }
    assertThat(chat.figure("llm_api_calls_total{provider=\"first\"")).isEqualTo(7);
  }

  /**
   * A reset may take back what was sent and not yet read: then nobody heard it, and the next is
   * asked.
   */
  @ParameterizedTest
  @EnumSource(value = Mishap.How.class, names = "RESET", mode = EnumSource.Mode.EXCLUDE)
  void a_stream_that_breaks_off_says_so_and_is_never_done(Mishap.How how) throws Exception {
    chat.twin
        .script()
        .on("first", Scene.of(Mishap.breaks(Mishap.Where.MIDWAY, how)))
        .on("second", Scene.says("must not be heard"));
    List<String> events = chat.stream(asking("twin", "tell"));
    assertThat(joined(events)).isNotEmpty().doesNotContain("must not be heard");
    assertThat(events).doesNotContain("[DONE]");
    JsonNode error = Json.parse(events.getLast()).path("error");
    assertThat(error.path("message").stringValue()).contains("broke off");
    // What was delivered is paid, and the vendor does not bill more than that.
    Money paid =
        Money.dollars(Json.parse(events.getLast()).path("capstan").path("cost").stringValue());
    assertThat(paid)
        .isGreaterThanOrEqualTo(
            Money.dollars("0.000001").times(billed().input() + billed().output()));
  }

  @Test
  void a_client_that_leaves_ends_the_call() throws Exception {
    chat.twin
        .script()
        .always(
            Scene.says("word ".repeat(2_000))
                .paced(new Scene.Pace(Duration.ZERO, Duration.ofMillis(10), 4)));
    HttpResponse<InputStream> answer =
        chat.house
            .client()
            .send(
                chat.request(asking("alone", "go on").put("stream", true).put("max_tokens", 5_000)),
                HttpResponse.BodyHandlers.ofInputStream());
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).startsWith("data: ");
    }
    String left = "llm_api_calls_total{provider=\"first\",status=\"connection_broken\"}";
    for (int tries = 0; chat.figure(left) == 0; tries++) {
      assertThat(tries).as("the call goes on").isLessThan(2_000);
    }
    assertThat(chat.figure("llm_cost_dollars_total")).isPositive();
    chat.twin.script().always(Scene.says("still there"));
    assertThat(words(chat.answer(asking("alone", "and now?")))).isEqualTo("still there");
  }

  @Test
  void a_budget_that_is_too_small_is_a_quota_that_is_used_up() throws Exception {
    HttpResponse<String> answer = chat.ask(asking("twin", "hello").put("user", "poor"));
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("x-should-retry")).contains("false");
    JsonNode error = Json.parse(answer.body()).path("error");
    assertThat(error.path("code").stringValue()).isEqualTo("insufficient_quota");
    assertThat(error.path("message").stringValue()).contains("key local/poor");
    assertThat(chat.refusal(400, asking("unpriced", "hello")).path("message").stringValue())
        .contains("no price is known");
    assertThat(chat.twin.bill().requests()).isZero();
  }

  @Test
  void a_vendor_that_wants_rest_is_given_it() throws Exception {
    chat.twin
        .script()
        .always(
            Scene.of(
                Mishap.denies(Denial.RATE_LIMIT, Mishap.Form.SECONDS, Duration.ofMinutes(15))));
    HttpResponse<String> answer = chat.ask(asking("alone", "hello"));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
    assertThat(answer.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(880L, 900L);
    assertThat(Json.parse(answer.body()).path("error").path("code").stringValue())
        .isEqualTo("rate_limit_exceeded");
  }

  @Test
  void the_same_question_is_paid_once() throws Exception {
    chat.twin.script().always(Scene.says("as before"));
    assertThat(words(chat.answer(asking("kept", "again?")))).isEqualTo("as before");
    HttpResponse<String> again = chat.ask(asking("kept", "again?"));
    assertThat(again.headers().firstValue("x-capstan-cache")).contains("hit");
    assertThat(again.headers().firstValue("x-capstan-cost")).contains("0");
    assertThat(joined(chat.stream(asking("kept", "again?")))).isEqualTo("as before");
    assertThat(chat.figure("cache_hits_total")).isEqualTo(2);
    assertThat(billed().calls()).isEqualTo(1);
  }

  @Test
  void a_key_is_seen_nowhere() throws Exception {

    chat.twin.script().always(Scene.of(Mishap.denies(Denial.BAD_KEY)));
    for (String model : List.of("twin", "alone")) {
      HttpResponse<String> answer = chat.ask(asking(model, "hello"));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
      assertThat(answer.body() + answer.headers()).doesNotContain("planted");
    }
    for (String path : List.of("/metrics", "/status", "/health", "/v1/models")) {
      assertThat(chat.house.get(path).body()).doesNotContain("planted");
    }
  }

  @Test
  void the_models_are_listed_with_who_answers_for_them() throws Exception {
    JsonNode models = Json.parse(chat.house.get("/v1/models").body()).path("data");
    assertThat(models.size()).isEqualTo(4);
    JsonNode one = Json.parse(chat.house.get("/v1/models/twin").body());
    assertThat(one.path("owned_by").stringValue()).isEqualTo("first");
    assertThat(one.path("targets").size()).isEqualTo(2);
    assertThat(chat.house.get("/v1/models/none").statusCode()).isEqualTo(404);
  }

  @Test
  void what_openai_has_and_capstan_has_not_is_told_in_its_words() throws Exception {
    for (String path : List.of("/v1/responses", "/v1/audio/speech", "/v1")) {
      HttpResponse<String> answer = chat.house.post(path, Json.object());
      assertThat(answer.statusCode()).isEqualTo(404);
      JsonNode error = Json.parse(answer.body()).path("error");
      assertThat(error.path("code").stringValue()).isEqualTo("unknown_url");
      assertThat(error.path("message").stringValue())
          .contains("POST " + path + " is not offered", "/v1/chat/completions");
    }
    assertThat(chat.house.get("/v2").body()).contains("there is nothing at this address");
  }
}
