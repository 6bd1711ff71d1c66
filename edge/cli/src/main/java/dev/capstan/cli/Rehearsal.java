package dev.capstan.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.capstan.cli.terminal.Paint;
import dev.capstan.cli.terminal.Screen;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Goes once through what calls usually do, against a server that only says the same few things, so
 * that the JVM can write down what it loaded (its AOT cache). Part of the build, not of any call.
 */
final class Rehearsal {
  private static final String RUN =
      """
      {"id":"run_01k2m3n4p5q6r","status":"completed","name":"rehearsal","planner":"given","inputs":{"a":1},\
      "outputs":{"sum":5.25,"list":[1,2],"text":"done"},"created_at":"2026-11-21T12:00:00Z","started_at":"2026-11-21T12:00:00.1Z",\
      "ended_at":"2026-11-21T12:00:01.3Z","seq":5,"tenant":"local","priority":0,"steps":[\
      {"id":"a","kind":"tool","tool":"echo","status":"completed","attempt":1,"depends_on":[],"output":{"text":"x"}},\
      {"id":"b","kind":"approval","status":"waiting","attempt":1,"depends_on":["a"],"waiting":{"kind":"approval","message":"ok?"}},\
      {"id":"c","kind":"tool","tool":"echo","status":"retrying","attempt":2,"depends_on":["a"],"retry_at":"2026-11-21T12:00:09Z","failure":{"code":"tool_failed","detail":"no"}}]}\
      """;
  private static final String EVENT =
      "{\"run\":\"run_01k2m3n4p5q6r\",\"seq\":1,\"type\":\"step_completed\",\"at\":\"2026-11-21T12:00:00Z\",\"data\":{\"step\":\"a\",\"attempt\":1}}";

  private static final Map<String, String> ANSWERS =
      Map.of(
          "/runs", "{\"items\":[" + RUN + "],\"next\":null}",
          "/runs/run_01k2m3n4p5q6r", RUN,
          "/runs/run_01k2m3n4p5q6r/events",
              "{\"items\":[" + EVENT + "],\"next\":null,\"done\":true}",
          "/runs/run_01k2m3n4p5q6r/why",
              "{\"run\":\"run_01k2m3n4p5q6r\",\"status\":\"waiting\",\"standing\":[{\"step\":\"b\",\"on\":{\"kind\":\"approval\",\"message\":\"ok?\"},\"since\":\"2026-11-21T12:00:00Z\",\"release\":\"capstan approve\"}]}",
          "/tools",
              "{\"items\":[{\"name\":\"echo\",\"description\":\"says it again\",\"effect\":\"pure\"}]}",
          "/status",
              "{\"version\":\"1\",\"started_at\":\"2026-11-21T12:00:00Z\",\"runs\":{\"active\":1},\"health\":{\"status\":\"degraded\",\"reasons\":[{\"detail\":\"slow\"}]}}",
          "/health", "{\"status\":\"degraded\",\"reasons\":[{\"detail\":\"slow\"}]}");

  private static final List<List<String>> CALLS =
      List.of(
          List.of("status"),
          List.of("status", "--json"),
          List.of("runs"),
          List.of("show", "last"),
          List.of("show", "last", "--json"),
          List.of("why"),
          List.of("events", "last"),
          List.of("events", "last", "--follow"),
          List.of("watch", "last"),
          List.of("run", "what is 2 + 3?"),
          List.of("run", "what is 2 + 3?", "--detach"),
          List.of("tools"),
          List.of("show", "run_01k2m3n4p5q6s"),
          List.of("doctor"),
          List.of("show", "--help"),
          List.of("--help"));

  private Rehearsal() {}

  static void play(Surroundings around) throws IOException {
    HttpServer stage =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    stage.createContext("/", Rehearsal::answer);
    stage.start();
    Map<String, String> environment = new HashMap<>(around.environment());
    environment.put("CAPSTAN_URL", "http://127.0.0.1:" + stage.getAddress().getPort());
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    for (Screen screen : List.of(Screen.PIPE, new Screen(true, Paint.ON, 80, 24))) {
      Surroundings played =
          new Surroundings(
              environment,
              InputStream.nullInputStream(),
              nowhere,
              nowhere,
              screen,
              around.clock(),
              around.zone(),
              text -> {});
      for (List<String> call : CALLS) {
        Prompt.answer(call.toArray(String[]::new), played);
      }
    }
    stage.stop(0);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    boolean live = "text/event-stream".equals(exchange.getRequestHeaders().getFirst("Accept"));
    String text = ANSWERS.get(path);
    String type = "application/json";
    int status = 200;
    if (live) {
      text = "id: 1\nevent: step_completed\ndata: " + EVENT + "\n\nevent: end\ndata: {}\n\n";
      type = "text/event-stream";
    } else if (exchange.getRequestMethod().equals("POST")) {
      text = RUN;
      status = 201;
    } else if (text == null) {
      text = "{\"code\":\"not_found\",\"detail\":\"no\",\"status\":404}";
      status = 404;
    }
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
