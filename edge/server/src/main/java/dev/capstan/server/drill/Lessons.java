package dev.capstan.server.drill;

import dev.capstan.kernel.Json;
import dev.capstan.server.cases.CaseTester;
import dev.capstan.server.store.Time;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is asked of the server in its drill: a little of everything, and much of what comes in
 * crowds. Who is not answered as it should be fails the drill: what is learned from refusals is
 * worth nothing.
 */
public final class Lessons implements AutoCloseable {
  private static final int AT_ONCE = 16;
  private static final String PROMPT =
      "{\"prompt\":\"add 2 and 3, then multiply the result by 5\"}";
  private static final String QUESTION =
      """
      {"model":"MODEL","user":"drill","metadata":{"agent":"drill"},"max_tokens":64,"stream":STREAMED,\
      "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Is it so?"}]}\
      """;
  private static final String AGENT =
      """
      name: drill
      steps:
        - id: book
          tool: agent
          input:
            role: bookkeeper
            goal: to leave no bill unpaid
            task: What do three books at 19.90 and 4.50 for the post come to?
            tools: [calculator, todo]
        - {id: tell, tool: echo, input: {text: "${steps.book.output.text}"}}
        - {id: also, tool: calculator, input: {expression: 2 + 3}}
      outputs:
        answer: ${steps.tell.output}
      """;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final URI server;
  private final Time time;

  public Lessons(int port, Time time) {
    this.server = URI.create("http://127.0.0.1:" + port);
    this.time = time;
  }

  /**
   * All of them.
   *
   * @param home the server's folder, where a case is left
   * @param crowd how often what comes in crowds is asked for
   * @param longest how long a crowd may take; a slow machine learns from fewer
   */
  public void play(Path home, int crowd, Duration longest)
      throws IOException, InterruptedException {
    String run = agent();
    look(run);
    test(home, run);
    crowd(crowd, longest, this::prompt);
    crowd(crowd, longest, () -> ask(Vendor.MODEL, false));
    crowd(crowd / 2, longest, () -> ask(Vendor.MODEL, true));
    crowd(crowd / 10, longest, () -> ask("default", false));
    crowd(crowd / 20, longest, this::agent);
    look(run);
  }

  private void crowd(int times, Duration longest, Callable<?> lesson) throws InterruptedException {
    long end = time.nanos().getAsLong() + longest.toNanos();
    AtomicInteger left = new AtomicInteger(times);
    Callable<Boolean> pupil =
        () -> {
          while (left.getAndDecrement() > 0 && time.nanos().getAsLong() < end) {
            lesson.call();
          }
          return true;
        };
    List<Future<Boolean>> ended = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < AT_ONCE; i++) {
        ended.add(threads.submit(pupil));
      }
    }
    for (Future<Boolean> each : ended) {
      try {
        each.get();
      } catch (ExecutionException failed) {
        throw new IllegalStateException("a lesson failed: " + failed.getMessage(), failed);
      }
    }
  }

  private String prompt() throws IOException, InterruptedException {
    return post("/runs", PROMPT, 201);
  }

  private String ask(String model, boolean stream) throws IOException, InterruptedException {
    return post(
        "/v1/chat/completions",
        QUESTION.replace("MODEL", model).replace("STREAMED", Boolean.toString(stream)),
        200);
  }

  /** Submits a run of an agent, follows it to its end, and gives its id. */
  private String agent() throws IOException, InterruptedException {
    String body = Json.write(Json.object().put("plan", AGENT));
    String run = Json.parse(post("/runs", body, 201)).path("id").stringValue();
    HttpRequest stream =
        to("/runs/" + run + "/events").header("Accept", "text/event-stream").build();
    String events = send(stream, 200);
    if (!events.contains("run_completed")) {
      throw new IllegalStateException("the agent's run did not complete: " + events);
    }
    return run;
  }

  /** What is read often, and a few refusals. */
  private void look(String run) throws IOException, InterruptedException {
    for (String path : List.of("", "/events", "/graph", "/why", "/export")) {
      get("/runs/" + run + path, 200);
    }
    for (String path :
        List.of("/runs", "/tools", "/status", "/health", "/metrics", "/openapi.json")) {
      get(path, 200);
    }
    for (String path : List.of("/v1/models", "/costs?by=model", "/events", "/plans/schema")) {
      get(path, 200);
    }
    post("/runs/" + run + "/replay", "{}", 200);
    post("/estimates", PROMPT, 200);
    get("/nowhere", 404);
    post("/runs", "{\"plan\":\"steps: [\"}", 422);
    post("/v1/chat/completions", "{\"model\":\"nobody\",\"messages\":[]}", 400);
  }

  /** Makes a case of a run and tests it, as {@code capstan record} and {@code capstan test} do. */
  private void test(Path home, String run) throws IOException, InterruptedException {
    Path file = home.resolve("drill.yaml");
    Files.writeString(file, get("/runs/" + run + "/case", 200));
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    int code = CaseTester.answer(new String[] {file.toString()}, nowhere, Map.of(), time);
    if (code != 0) {
      throw new IllegalStateException("the case of the drill ended with " + code);
    }
  }

  private String get(String path, int status) throws IOException, InterruptedException {
    return send(to(path).GET().build(), status);
  }

  private String post(String path, String body, int status)
      throws IOException, InterruptedException {
    return send(
        to(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        status);
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(server.resolve(path)).timeout(Duration.ofSeconds(60));
  }

  private String send(HttpRequest request, int status) throws IOException, InterruptedException {
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != status) {
      throw new IllegalStateException(
          request.method()
              + " "
              + request.uri()
              + " gave "
              + answer.statusCode()
              + ": "
              + answer.body());
    }
    return answer.body();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
