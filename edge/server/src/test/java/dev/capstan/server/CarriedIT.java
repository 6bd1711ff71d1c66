package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.twin.Denial;
import dev.capstan.twin.Mishap;
import dev.capstan.twin.Scene;
import dev.capstan.twin.VendorTwin;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's clients with tools, in front of models that want more back than words. */
class CarriedIT {
  private static final String MODELS =
      """
      providers:
        google: {type: gemini, base_url: "TWIN/v1beta", api_key_env: TWIN_KEY}
        deep: {type: openai, base_url: "TWIN/deepseek/v1", api_key_env: TWIN_KEY}
        other: {type: openai, base_url: "TWIN/other/v1", api_key_env: TWIN_KEY}
      models:
        google:
          primary: {provider: google, model: gemini-3-flash-preview}
          retry_policy: {max_retries: 0}
          cache_ttl: 5m
        deep:
          primary: {provider: deep, model: deepseek-reasoner}
          retry_policy: {max_retries: 0}
          cache_ttl: 5m
        first_other:
          primary: {provider: other, model: gpt-twin}
          fallbacks: [{provider: google, model: gemini-3-flash-preview}]
          retry_policy: {max_retries: 0}
      cost_tracking:
        model_costs:
          gpt-twin: {input: 0.001, output: 0.001}
          deepseek-reasoner: {input: 0.001, output: 0.001}
      """;

  private static final VendorTwin twin = VendorTwin.start();
  private static TestHouse house;

  @BeforeAll
  static void open(@TempDir Path home) throws Exception {
    Files.writeString(home.resolve("capstan.yaml"), MODELS.replace("TWIN/", twin.url() + "/"));
    house = TestHouse.open(home, Map.of("TWIN_KEY", "sk-twin"));
  }

  @AfterAll
  static void close() {
    house.close();
    twin.close();
  }

  @BeforeEach
  void forget() {
    twin.script().forget();
  }

  private static ObjectNode asking(String model, String words) {
    ObjectNode body = Json.object().put("model", model);
    body.putArray("messages").addObject().put("role", "user").put("content", words);
    body.putArray("tools")
        .addObject()
        .put("type", "function")
        .putObject("function")
        .put("name", "weather")
        .putObject("parameters")
        .put("type", "object");
    return body;
  }

  /** The message of the answer, put together as clients do when it is streamed. */
  private static ObjectNode message(ObjectNode body, boolean stream) throws Exception {
    HttpResponse<String> answer =
        house.post("/v1/chat/completions", body.deepCopy().put("stream", stream));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    if (!stream) {
      return (ObjectNode) Json.parse(answer.body()).path("choices").path(0).path("message");
    }
    ObjectNode whole = Json.object();
    for (String line : answer.body().lines().filter(each -> each.startsWith("data: {")).toList()) {
      JsonNode delta = Json.parse(line.substring(6)).path("choices").path(0).path("delta");
      delta.properties().forEach(field -> add(whole, field.getKey(), field.getValue()));
    }
    return whole;
  }

  private static void add(ObjectNode whole, String name, JsonNode more) {
    if (more.isObject()) {
      ObjectNode inner = whole.withObject(name);
      more.properties().forEach(field -> add(inner, field.getKey(), field.getValue()));
    } else if (more.isArray()) {
      for (JsonNode item : more) {
        int index = item.path("index").asInt();
        var list = whole.withArray(name);
        ObjectNode place = index < list.size() ? (ObjectNode) list.get(index) : list.addObject();
        item.properties().forEach(field -> add(place, field.getKey(), field.getValue()));
        place.remove("index");
      }
    } else if (more.isString() && !name.equals("type") && !name.equals("role")) {
      whole.put(name, whole.path(name).asString("") + more.stringValue());
    } else {
      whole.set(name, more);
    }
  }

  private static ObjectNode answered(ObjectNode question, ObjectNode said) {
    ObjectNode next = question.deepCopy();
    next.withArray("messages").add(said);
    for (JsonNode call : said.path("tool_calls")) {
      next.withArray("messages")
          .addObject()
          .put("role", "tool")
          .put("tool_call_id", call.path("id").stringValue())
          .put("content", "2 degrees");
    }
    return next;
  }

  /** What a client that knows no more than OpenAI's fields keeps. */
  private static ObjectNode forgetful(ObjectNode said) {
    ObjectNode kept = said.deepCopy();
    kept.remove("reasoning_content");
    kept.path("tool_calls").forEach(call -> ((ObjectNode) call).remove("extra_content"));
    return kept;
  }

  private static String lastBody() {
    return twin.asks().getLast().body().toString();
  }

  @ParameterizedTest
  @CsvSource({"google, false", "google, true", "deep, false", "deep, true"})
  void a_model_is_told_what_it_wants_back(String model, boolean stream) throws Exception {
    twin.script()
        .next(
            Scene.says("I look.")
                .thinks("north?")
                .wants("weather", "{\"city\":\"Oslo\"}")
                .wants("weather", "{\"city\":\"Rome\"}"));
    ObjectNode question = asking(model, "weather, " + stream);
    ObjectNode said = message(question, stream);
    assertThat(said.path("tool_calls").size()).isEqualTo(2);
    twin.script().always(Scene.says("Cold."));
    message(answered(question, said), stream);
    String told = lastBody();
    if (model.equals("google")) {
      String signature = said.findValue("thought_signature").stringValue();
      assertThat(told).contains("\"thoughtSignature\":\"" + signature + "\"");
    } else {
      assertThat(said.path("reasoning_content").stringValue()).isEqualTo("north?");
      assertThat(told).contains("\"reasoning_content\":\"north?\"");
    }
    ObjectNode cached = message(question, stream);
    assertThat(cached).isEqualTo(said);
    assertThat(lastBody()).isEqualTo(told);
    assertThat(message(answered(question, forgetful(said)), stream).path("content").stringValue())
        .isEqualTo("Cold.");
    assertThat(lastBody()).isNotEqualTo(told);
  }

  @Test
  void what_a_model_thinks_aloud_is_shown_before_its_words_and_once() throws Exception {
    twin.script().always(Scene.says("Forty-two, of course it is.").thinks("six by seven"));
    assertThat(
            message(asking("deep", "what is it?"), false).path("reasoning_content").stringValue())
        .isEqualTo("six by seven");
    ObjectNode body = asking("deep", "what is it, then?").put("stream", true);
    String events = house.post("/v1/chat/completions", body).body();
    assertThat(events.indexOf("six by seven")).isPositive().isLessThan(events.indexOf("Forty"));
    assertThat(events).containsOnlyOnce("reasoning_content");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_conversation_goes_on_with_another_vendor(boolean stream) throws Exception {
    twin.script().next(Scene.says("").wants("weather", "{}"));
    ObjectNode question = asking("first_other", "weather?");
    ObjectNode said = message(question, stream);
    Mishap busy = new Mishap.Denies(Denial.OVERLOADED, null);
    twin.script().on("other", Scene.of(busy)).always(Scene.says("Cold."));
    assertThat(message(answered(question, said), stream).path("content").stringValue())
        .isEqualTo("Cold.");
    assertThat(lastBody()).contains("skip_thought_signature_validator");
  }

  @Test
  void what_is_no_signature_is_passed_over_or_refused_by_its_place() throws Exception {
    twin.script().always(Scene.says("Cold."));
    List<String> passed = List.of("5", "[]", "\"x\"", "null", "{\"google\":7}", "{\"google\":{}}");
    List<String> refused = List.of("7", "{}", "[\"x\"]", "true");
    List<String> all = new ArrayList<>(passed);
    refused.forEach(wrong -> all.add("{\"google\":{\"thought_signature\":" + wrong + "}}"));
    for (String extra : all) {
      ObjectNode said = Json.object().put("role", "assistant").putNull("content");
      ObjectNode call = said.putArray("tool_calls").addObject().put("id", "call_1");
      call.put("type", "function")
          .putObject("function")
          .put("name", "weather")
          .put("arguments", "{}");
      call.set("extra_content", Json.parse(extra));
      ObjectNode body = answered(asking("google", "weather? " + extra), said);
      HttpResponse<String> answer = house.post("/v1/chat/completions", body);
      assertThat(answer.statusCode()).as(extra).isEqualTo(passed.contains(extra) ? 200 : 400);
      if (!passed.contains(extra)) {
        assertThat(answer.body()).contains("extra_content.google.thought_signature");
      }
    }
  }
}
