package dev.capstan.server.drill;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/** A vendor in this process who says the same to whoever asks, whole or in pieces. */
public final class Vendor implements AutoCloseable {
  /** The model that this vendor answers for, with a limit and a budget at every level. */
  static final String MODEL = "drill";

  private static final String MODELS =
      """
      providers:
        vendor:
          type: openai
          base_url: "http://127.0.0.1:PORT/v1"
          rate_limiting: {requests_per_minute: 10000000, tokens_per_minute: 100000000000, concurrent_requests: 100000}
          budget: {per_day: 100000, per_month: 1000000}
          models:
            gpt-drill:
              rate_limiting: {requests_per_minute: 10000000}
              budget: {per_day: 100000}
        script: {type: scripted, script: answers.yaml}
      models:
        drill: {primary: {provider: vendor, model: gpt-drill}, fallbacks: [{provider: script, model: answers}]}
        default: {primary: {provider: script, model: answers}}
      keys:
        drill: {rate_limiting: {requests_per_minute: 10000000}, budget: {per_day: 100000}}
      agents:
        drill: {rate_limiting: {requests_per_minute: 10000000}}
      budgets: {workflow: 5, agent: 1}
      cost_tracking:
        model_costs:
          gpt-drill: {input: 0.0001, output: 0.0004}
      """;

  private static final String ANSWERS =
      """
      rules:
        - match: {agent: bookkeeper, turn: 1}
          say: I will work that out.
          tools: [{tool: calculator, arguments: {expression: "3 * 19.90 + 4.50"}}]
        - match: {agent: bookkeeper, tool_result: calculator}
          tools: [{tool: todo, arguments: {action: add, text: pay 64.20}}]
        - say: "You said: {{user}}"
      """;

  private static final String WHOLE =
      """
      {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-drill","choices":[{"index":0,\
      "message":{"role":"assistant","content":"It is so, and it has always been so."},"finish_reason":"stop"}],\
      "usage":{"prompt_tokens":11,"completion_tokens":12,"total_tokens":23}}\
      """;

  private static final String PIECE =
      """
      data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-drill",\
      "choices":[{"index":0,"delta":{"content":"so it is "},"finish_reason":null}]}

      """;

  private static final String END =
      """
      data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-drill",\
      "choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

      data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-drill","choices":[],\
      "usage":{"prompt_tokens":11,"completion_tokens":12,"total_tokens":23}}

      data: [DONE]

      """;

  private static final int WAITING = 256;

  private final HttpServer server;

  private Vendor(HttpServer server) {
    this.server = server;
  }

  public static Vendor open() throws IOException {
    // Head and body go out by themselves; with Nagle's algorithm each would wait for the other.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), WAITING);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", Vendor::answer);
    server.start();
    return new Vendor(server);
  }

  /** Writes the configuration of the models into the folder of a server that is to ask here. */
  public void configure(Path home) throws IOException {
    Files.createDirectories(home);
    Files.writeString(
        home.resolve("capstan.yaml"),
        MODELS.replace("PORT", Integer.toString(server.getAddress().getPort())));
    Files.writeString(home.resolve("answers.yaml"), ANSWERS);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    boolean pieces = asked.contains("\"stream\":true");
    String text = pieces ? PIECE.repeat(4) + END : WHOLE;
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange
        .getResponseHeaders()
        .set("Content-Type", pieces ? "text/event-stream" : "application/json");
    exchange.sendResponseHeaders(200, pieces ? 0 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
