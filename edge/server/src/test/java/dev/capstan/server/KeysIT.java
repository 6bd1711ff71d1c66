package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.twin.Denial;
import dev.capstan.twin.Mishap;
import dev.capstan.twin.Scene;
import dev.capstan.twin.VendorTwin;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Planted keys, and vendors that say them back in everything that they refuse with: whatever is
 * asked, over whichever door, they are found in no answer and in no byte that the product leaves on
 * the disk, its logs at their most talkative, its database and that one's log included.
 */
class KeysIT {
  /** One for each vendor's protocol, and one that a client of ours sends. */
  private static final Map<String, String> PLANTED =
      Map.of(
          "OPENAI_API_KEY", "sk-proj-PLANTED0openai5f1c8e77aa",
          "ANTHROPIC_API_KEY", "sk-ant-PLANTED0anthropic5f1c8e",
          "GEMINI_API_KEY", "AIzaPLANTED0gemini5f1c8e77aa41");

  private static final String CLIENT = "sk-PLANTED0client5f1c8e77aa";

  private static final String MARK = "PLANTED0";

  /** Each way to ask has a provider of its own, whose breaker nobody else has opened. */
  private static final List<String> FORMS = List.of("whole", "stream", "run");

  private static final List<String> VENDORS = List.of("openai", "anthropic", "gemini");

  @TempDir Path home;
  private final List<String> found = new ArrayList<>();
  private int looked;

  @Test
  void keys_are_found_nowhere_though_vendors_say_them_back() throws Exception {
    try (VendorTwin twin = VendorTwin.start()) {
      Files.writeString(home.resolve("capstan.yaml"), models(twin.url().toString()));
      Map<String, String> environment = new HashMap<>(PLANTED);
      environment.put("DATABASE_URL", "");
      environment.put("LOG_LEVEL", "TRACE");
      try (TestHouse house = TestHouse.open(home, environment)) {
        for (String vendor : VENDORS) {
          List<Scene> scenes =
              scenes(PLANTED.getOrDefault(vendor.toUpperCase(Locale.ROOT) + "_API_KEY", ""));
          for (int i = 0; i < scenes.size(); i++) {
            twin.script().always(scenes.get(i));
            for (String form : FORMS) {
              play(house, vendor + "-" + i + "-" + form);
            }
          }
        }
        // What was asked did go out with the keys: the test would see them if anything told.
        assertThat(twin.asks().toString()).contains(PLANTED.values());
        for (String path :
            List.of(
                "/runs",
                "/events",
                "/costs",
                "/costs?by=agent",
                "/v1/models",
                "/v1/models/openai-0-run",
                "/tools",
                "/health",
                "/status",
                "/metrics",
                "/openapi.json",
                "/nothing?key=" + "x")) {
          look(path, house.get(path));
        }
      }
    }
    lookThroughFiles();
    System.out.printf("figure: %d answers and files looked through%n", looked);
    assertThat(found).isEmpty();
  }

  /** Every way to say a key back, and an answer that is in order. */
  private static List<Scene> scenes(String key) {
    List<Scene> scenes = new ArrayList<>();
    String all = "Bearer " + key + " (" + key + ")";
    String error =
        Json.write(
            Json.parse(
                """
                {"type": "error", "error": {"type": "invalid_request_error", "status": "INVALID",
                 "code": "KEY", "param": "KEY", "message": "no such key: KEY"}}\
                """
                    .replace("KEY", all)));
    for (int status : new int[] {200, 400, 401, 402, 403, 404, 413, 422, 429, 500, 503, 529}) {
      scenes.add(
          Scene.of(
              new Mishap.Answers(
                  status,
                  Map.of("x-request-id", all, "Retry-After", "0"),
                  "application/json",
                  error)));
    }
    scenes.add(Scene.of(new Mishap.Answers(500, Map.of(), "text/html", "<h1>" + all + "</h1>")));
    scenes.add(
        Scene.of(
            new Mishap.Answers(200, Map.of(), "text/event-stream", "data: " + error + "\n\n")));
    scenes.add(Scene.of(Mishap.denies(Denial.BAD_KEY)));
    scenes.add(Scene.of(Mishap.garbles(Mishap.Garble.ERROR_EVENT)));
    scenes.add(Scene.says("in order"));
    return scenes;
  }

  private static String models(String twin) {
    StringBuilder providers = new StringBuilder("providers:\n");
    StringBuilder models = new StringBuilder("models:\n");
    for (String vendor : VENDORS) {
      String path = vendor.equals("openai") ? "/a/v1" : "/" + vendor;
      for (int i = 0; i < scenes("").size(); i++) {
        for (String form : FORMS) {
          String name = vendor + "-" + i + "-" + form;
          providers.append(
              "  %s: {type: %s, base_url: \"%s%s\", api_key_env: %s_API_KEY}\n"
                  .formatted(name, vendor, twin, path, vendor.toUpperCase(Locale.ROOT)));
          models.append(
              "  %s: {primary: {provider: %s, model: twin}, retry_policy: {max_retries: 0}}\n"
                  .formatted(name, name));
        }
      }
    }
    return providers
        + models.toString()
        + "cost_tracking: {model_costs: {twin: {input: 0.001, output: 0.001}}}\n";
  }

  private void play(TestHouse house, String model) throws Exception {
    if (model.endsWith("run")) {
      run(house, model);
    } else {
      ask(house, model, model.endsWith("stream"));
    }
  }

  private void ask(TestHouse house, String model, boolean stream) throws Exception {
    JsonNode body = ChatHouse.asking(model, "hello").put("stream", stream);
    look(
        model,
        house.send(
            house
                .to("/v1/chat/completions")
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + CLIENT)
                .POST(BodyPublishers.ofString(Json.write(body)))
                .build()));
  }

  /** An agent's run, and everything that can be asked of it. */
  private void run(TestHouse house, String model) throws Exception {
    JsonNode plan =
        Json.parse(
            """
            {"name": "keys", "steps": [{"id": "one", "tool": "agent", "input": {
              "role": "a clerk", "goal": "to answer", "model": "MODEL", "task": "say hello"}}]}\
            """
                .replace("MODEL", model));
    String run = house.run(plan);
    JsonNode end = house.end(run);
    assertThat(end.path("status").asString()).isIn("completed", "failed");
    assertThat(end.toString()).doesNotContain("circuit_open");
    for (String part : List.of("", "/events", "/graph", "/why", "/export")) {
      look(part, house.get("/runs/" + run + part));
    }
  }

  private void look(String what, HttpResponse<String> answer) {
    looked++;
    if ((answer.body() + answer.headers()).contains(MARK)) {
      found.add(what + ": " + answer.statusCode() + " " + answer.headers() + answer.body());
    }
  }

  private void lookThroughFiles() throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        looked++;
        if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(MARK)) {
          found.add(file.toString());
        }
      }
    }
  }
}
