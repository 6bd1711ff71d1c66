package dev.capstan.tools.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;

/** A real server on the loopback that answers well, badly, endlessly or never. */
final class LocalServer {
  /** What was asked, with its headers and body, one line each. */
  final List<String> seen = new CopyOnWriteArrayList<>();

  private final CountDownLatch never = new CountDownLatch(1);
  private final HttpServer server;

  LocalServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
  }

  int port() {
    return server.getAddress().getPort();
  }

  void start() {
    server.start();
  }

  void stop() {
    never.countDown();
    server.stop(0);
  }

  void hang() throws InterruptedException {
    never.await();
  }

  interface Handler {
    void handle(HttpExchange exchange) throws IOException, InterruptedException;
  }

  void serve(String path, Handler handler) {
    server.createContext(
        path,
        exchange -> {
          StringBuilder line =
              new StringBuilder(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          exchange
              .getRequestHeaders()
              .forEach((name, values) ->
                  line.append(' ')
                      .append(name.toLowerCase(java.util.Locale.ROOT))
                      .append('=')
                      .append(String.join(",", values)));
          line.append(' ').append(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          seen.add(line.toString());
          try {
            handler.handle(exchange);
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
        });
  }

  static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Set-Cookie", "secret=1");
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  static void redirect(HttpExchange exchange, int status, String to) throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  static void endless(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (int i = 0; i < 1_000_000; i++) {
        out.write(new byte[1_024]);
      }
    }
  }

  static void bomb(HttpExchange exchange) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(new byte[20 * 1024 * 1024]);
    }
    exchange.getResponseHeaders().set("Content-Encoding", "gzip");
    answer(exchange, "text/plain", packed.toByteArray());
  }
}
