package dev.capstan.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged server is killed while agents wait for the answer to orders that must not be sent
 * twice: it asks a person about each, and the agents go on with what they say.
 */
@Timeout(300)
class OnceKillStory {
  private static final List<String> ORDERS = List.of("books", "tea", "lamps", "ropes");
  private static final String MODELS =
      """
      providers: {script: {type: scripted, script: script.yaml}}
      models: {default: {primary: {provider: script, model: m}}}
      """;

  private static final String AGENT =
      "{role: buyer, goal: g, tools: [http], task: 'order ${inputs.what}', inputs: {what: string}}";

  @TempDir Path home;
  private final Map<String, Integer> received = new ConcurrentHashMap<>();
  private final CountDownLatch reached = new CountDownLatch(ORDERS.size());
  private final HttpServer shop;

  OnceKillStory() throws IOException {
    shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    shop.createContext("/", this::take);
    shop.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    shop.start();
  }

  @AfterEach
  void close() {
    shop.stop(0);
  }

  /** The first order of everything is taken and never answered. */
  private void take(HttpExchange exchange) throws IOException {
    String what = exchange.getRequestURI().getPath().substring(1);
    if (received.merge(what, 1, Integer::sum) == 1) {
      reached.countDown();
      return;
    }
    try (exchange) {
      exchange.sendResponseHeaders(201, -1);
    }
  }

  private String address() {
    return "127.0.0.1:" + shop.getAddress().getPort();
  }

  private String script() {
    StringBuilder rules =
        new StringBuilder("rules:\n  - match: {turn: 2}\n    say: '{{result}}'\n");
    for (String order : ORDERS) {
      rules.append("  - match: {text: ").append(order).append("}\n    tools: [{tool: http, ");
      rules.append("arguments: {method: POST, url: 'http://").append(address());
      rules.append('/').append(order).append("'}}]\n");
    }
    return rules.toString();
  }

  @Test
  void orders_under_way_at_a_kill_are_asked_about_and_none_is_sent_twice_unasked()
      throws Exception {
    Files.writeString(home.resolve("capstan.yaml"), MODELS);
    Files.writeString(home.resolve("script.yaml"), script());
    Path agent = Files.writeString(home.resolve("buyer.yaml"), AGENT);
    Map<String, String> allowed = Map.of("CAPSTAN_HTTP_ALLOW_PRIVATE", address());
    Map<String, String> runs = new HashMap<>();
    try (ServerProcess server = ServerProcess.start(home, allowed)) {
      Terminal terminal = new Terminal(server.url(), home.toString());
      for (String order : ORDERS) {
        Terminal.Said said =
            terminal.call("run", agent.toString(), "--input", "what=" + order, "--detach");
        runs.put(order, said.out().strip());
      }
      assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
      server.kill();
    }
    try (ServerProcess server = ServerProcess.start(home, allowed)) {
      Terminal terminal = new Terminal(server.url(), home.toString());
      for (String order : ORDERS) {
        assertThat(asked(terminal, runs.get(order))).contains("http", "resolve", "/" + order);
      }
      assertThat(received.values()).containsOnly(1);
      settle(terminal, runs.get("books"), "complete", "--output", "{\"status\": 201}");
      settle(terminal, runs.get("tea"), "skip");
      settle(terminal, runs.get("lamps"), "retry");
      settle(terminal, runs.get("ropes"), "fail");
      assertThat(terminal.call("watch", runs.get("books")).out()).contains("{\"status\":201}");
      assertThat(terminal.call("watch", runs.get("tea")).out()).contains("go on without it");
      assertThat(terminal.call("watch", runs.get("lamps")).out()).contains("\"status\":201");
      assertThat(terminal.call("watch", runs.get("ropes")).out()).contains("failed");
      for (String run : runs.values()) {
        Terminal.Said replayed = terminal.call("replay", run);
        assertThat(replayed.code()).as(replayed.out() + replayed.err()).isZero();
      }
      assertThat(terminal.call("verify").code()).isZero();
    }
    assertThat(received).isEqualTo(Map.of("books", 1, "tea", 1, "lamps", 2, "ropes", 1));
    System.out.println(
        "figure: kill -9 with four orders under way: four questions, one order sent again as told");
  }

  /** What it says once it asks: each look is a request, so the wait is bounded by their number. */
  private static String asked(Terminal terminal, String run) {
    String why = "";
    for (int looks = 0; looks < 2_000 && !why.contains("decision"); looks++) {
      why = terminal.call("why", run).out();
    }
    return why;
  }

  private static void settle(Terminal terminal, String run, String how, String... more) {
    List<String> words = new ArrayList<>(List.of("resolve", run, "work", how));
    words.addAll(List.of(more));
    Terminal.Said said = terminal.call(words.toArray(String[]::new));
    assertThat(said.code()).as(said.err()).isZero();
  }
}
