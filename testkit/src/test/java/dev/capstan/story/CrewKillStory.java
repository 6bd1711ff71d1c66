package dev.capstan.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.twin.Ask;
import dev.capstan.twin.Scene;
import dev.capstan.twin.VendorTwin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The packaged server is killed while a vendor is asked by one agent of a crew after another: the
 * crew comes to its end, and the vendor bills each call once but for those that were under way.
 */
@Timeout(300)
class CrewKillStory {
  private static final String MODELS =
      """
      providers:
        twin: {type: openai, base_url: "TWIN/main/v1", api_key_env: TWIN_KEY}
      models:
        default: {primary: {provider: twin, model: gpt-twin}}
      cost_tracking:
        model_costs: {gpt-twin: {input: 0.001, output: 0.002}}
      """;

  private static final String CREW =
      """
      agents:
        finder: {role: finder, goal: g, tools: [todo]}
        maker: {role: maker, goal: g, tools: [todo]}
        teller: {role: teller, goal: g, tools: [todo]}
      tasks:
        find: {description: find it, agent: finder}
        make: {description: make it, agent: maker}
        tell: {description: tell it, agent: teller}
      """;

  /** A call for a todo and an answer, of three agents. */
  private static final int CALLS = 6;

  @TempDir Path home;
  private final VendorTwin twin = VendorTwin.start();
  private final List<String> asked = new ArrayList<>();
  private final AtomicInteger asks = new AtomicInteger();

  @AfterEach
  void close() {
    twin.close();
  }

  private static Scene answer(String body) {
    String who =
        List.of("finder", "maker", "teller").stream()
            .filter(role -> body.contains("You are " + role))
            .findFirst()
            .orElseThrow();
    return body.contains("\"role\":\"tool\"")
        ? Scene.says(who + " is done")
        : Scene.says("").wants("todo", "{\"action\":\"add\",\"text\":\"by " + who + "\"}");
  }

  @Test
  void a_crew_is_killed_at_each_of_its_calls_and_pays_for_each_once() throws Exception {
    Files.writeString(home.resolve("capstan.yaml"), MODELS.replace("TWIN/", twin.url() + "/"));
    Path crew = Files.writeString(home.resolve("crew.yaml"), CREW);
    List<CountDownLatch> reached = new ArrayList<>();
    for (int call = 0; call < CALLS; call++) {
      reached.add(new CountDownLatch(1));
    }
    twin.script().decide(ask -> decide(ask, reached));
    String run = "";
    for (int call = 0; call < CALLS; call++) {
      try (ServerProcess server = ServerProcess.start(home, Map.of("TWIN_KEY", "sk-story"))) {
        Terminal terminal = new Terminal(server.url(), home.toString());
        if (call == 0) {
          run = terminal.call("run", crew.toString(), "--detach").out().strip();
        }
        assertThat(reached.get(call).await(60, TimeUnit.SECONDS)).as("call %s", call).isTrue();
        server.kill();
      }
    }
    try (ServerProcess server = ServerProcess.start(home, Map.of("TWIN_KEY", "sk-story"))) {
      Terminal terminal = new Terminal(server.url(), home.toString());
      assertThat(terminal.call("watch", run).out()).contains("teller is done");
      JsonNode todos =
          terminal.call("run", ReadmeStory.root() + "/examples/hello.yaml", "--json").json();
      assertThat(todos.path("status").asString()).isEqualTo("completed");
      String list = terminal.type("run \"list my todos\"").out();
      for (String who : List.of("finder", "maker", "teller")) {
        assertThat(list.split("by " + who, -1)).as(list).hasSize(2);
      }
      assertThat(terminal.call("replay", run).code()).isZero();
      assertThat(terminal.call("verify").code()).isZero();
    }
    held();
  }

  /** The vendor is slow with each question the first time that it hears it: there we kill. */
  private synchronized Scene decide(Ask ask, List<CountDownLatch> reached) {
    String body = Json.write(ask.body());
    asked.add(body);
    int before = (int) asked.stream().filter(body::equals).count();
    if (before == 1) {
      reached.get(asks.getAndIncrement()).countDown();
      return answer(body).after(java.time.Duration.ofSeconds(20));
    }
    return answer(body);
  }

  private void held() {
    Map<String, Integer> times = new HashMap<>();
    asked.forEach(body -> times.merge(body, 1, Integer::sum));
    assertThat(times).as("each question is asked once more, for it was under way").hasSize(CALLS);
    assertThat(times.values()).allMatch(count -> count == 2);
    System.out.println(
        "figure: "
            + CALLS
            + " kill -9 at the calls of a crew; "
            + asked.size()
            + " questions,"
            + " of which "
            + CALLS
            + " were under way at a kill; three todos, none doubled");
  }
}
