package dev.capstan.story;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.capstan.kernel.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The world outside, which acts at each call and remembers it: it counts, then answers. */
final class Outside implements AutoCloseable {
  private static final int ANSWER_MILLIS = 150;

  private final Map<String, Integer> calls = new ConcurrentHashMap<>();
  private final Set<String> clients = ConcurrentHashMap.newKeySet();
  // It answers late, so that a kill often falls between the act and the answer.
  private final ScheduledExecutorService late = Executors.newSingleThreadScheduledExecutor();
  private final HttpServer server;

  Outside() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::act);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  private void act(HttpExchange exchange) throws IOException {
    var body =
        Json.parse(
            new String(
                exchange.getRequestBody().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
    String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
    calls.merge(key == null ? "none" : key, 1, Integer::sum);
    clients.add(body.path("client").asString(""));
    var _ = late.schedule(() -> answer(exchange), ANSWER_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static void answer(HttpExchange exchange) {
    try (exchange) {
      exchange.sendResponseHeaders(200, -1);
    } catch (IOException killed) {
      // Whoever called is dead: nobody waits for the answer.
      exchange.close();
    }
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  String url() {
    return "http://" + address() + "/";
  }

  boolean hasActedFor(String client) {
    return clients.contains(client);
  }

  /** How often it acted, by the key that came along. */
  Map<String, Integer> calls() {
    return Map.copyOf(calls);
  }

  @Override
  public void close() {
    server.stop(0);
    late.shutdownNow();
  }
}
