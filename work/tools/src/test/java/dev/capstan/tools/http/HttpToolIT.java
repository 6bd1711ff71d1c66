package dev.capstan.tools.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.tools.Calls;
import dev.capstan.tools.ToolRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.core5.ssl.SSLContexts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class HttpToolIT {
  private static final int MOST = 64 * 1024;

  private final AtomicInteger lookups = new AtomicInteger();
  private LocalServer server;
  private List<String> seen = List.of();
  private int port;
  private ToolRegistry tools;

  @BeforeEach
  void start() throws IOException {
    server = new LocalServer();
    seen = server.seen;
    port = server.port();
    server.serve(
        "/json", exchange -> LocalServer.answer(exchange, 200, "application/json", "{\"a\":0.10}"));
    server.serve("/text", exchange -> LocalServer.answer(exchange, 200, "text/plain", "hällo"));
    server.serve(
        "/error", exchange -> LocalServer.answer(exchange, 503, "text/plain", "out of order"));
    server.serve(
        "/missing", exchange -> LocalServer.answer(exchange, 404, "text/plain", "no such thing"));
    server.serve("/loop", exchange -> LocalServer.redirect(exchange, 302, "/loop"));
    server.serve("/hop", exchange -> LocalServer.redirect(exchange, 302, "/json"));
    server.serve(
        "/other",
        exchange -> LocalServer.redirect(exchange, 302, "http://other.test:" + port + "/json"));
    server.serve(
        "/evil", exchange -> LocalServer.redirect(exchange, 302, "http://metadata.test/latest"));
    server.serve("/file", exchange -> LocalServer.redirect(exchange, 302, "file:///etc/passwd"));
    server.serve(
        "/post-hop",
        exchange -> LocalServer.redirect(exchange, 307, "http://other.test:" + port + "/json"));
    server.serve("/large", exchange -> LocalServer.endless(exchange));
    server.serve("/bomb", exchange -> LocalServer.bomb(exchange));
    server.serve("/slow", exchange -> server.hang());
    server.serve("/cut", HttpExchange::close);
    server.serve(
        "/binary",
        exchange -> LocalServer.answer(exchange, "image/png", new byte[] {(byte) 0x89, 0, 1}));
    server.start();
    String here = "localhost:" + port + ",other.test:" + port + ",127.0.0.1:" + port;
    tools = tools("public.test,metadata.test,rebind.test", here);
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private ToolRegistry tools(String open, String inside) {
    HttpRules rules =
        new HttpRules(AllowList.parse(open), AllowList.parse(inside), MOST, Duration.ofSeconds(20));
    return ToolRegistry.of(HttpTools.of(rules, this::lookup, SSLContexts::createDefault));
  }

  private InetAddress[] lookup(String host) throws java.net.UnknownHostException {
    lookups.incrementAndGet();
    return switch (host) {
      case "other.test" -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")};
      case "metadata.test" -> new InetAddress[] {InetAddress.ofLiteral("169.254.169.254")};
      case "rebind.test" ->
          new InetAddress[] {InetAddress.ofLiteral("8.8.8.8"), InetAddress.ofLiteral("127.0.0.1")};
      default -> InetAddress.getAllByName(host);
    };
  }

  @Test
  void json_is_read_as_json_and_text_as_text() throws InterruptedException {
    JsonNode json = output("http_get", get("/json"));
    assertThat(json.path("status").asInt()).isEqualTo(200);
    assertThat(json.path("body").toString()).isEqualTo("{\"a\":0.10}");
    assertThat(json.path("headers").path("content-type").asString()).isEqualTo("application/json");
    assertThat(json.path("headers").has("set-cookie")).isFalse();
    assertThat(output("http_get", get("/text")).path("body").asString()).isEqualTo("hällo");
    assertThat(output("http_get", get("/binary")).path("body_base64").asString()).isEqualTo("iQAB");
  }

  @Test
  void what_is_sent_carries_the_idempotency_key_and_the_body() throws InterruptedException {
    ObjectNode ask = get("/json").put("method", "POST");
    ask.putObject("body").put("x", 1);
    ask.putObject("headers").put("Authorization", "Bearer t").put("X-Trace", "1");
    output("http", ask);
    assertThat(seen)
        .singleElement()
        .asString()
        .contains("POST /json", "idempotency-key=key", "authorization=Bearer t", "x-trace=1")
        .contains("content-type=application/json", "{\"x\":1}");
    output("http_get", get("/json"));
    assertThat(seen.getLast()).doesNotContain("idempotency-key");
  }

  @Test
  void an_error_fails_the_step_unless_the_plan_wants_to_see_it() throws InterruptedException {
    Outcome.Failed failure = failure("http_get", get("/error"));
    assertThat(failure.problem().detail()).isEqualTo("localhost answered 503: out of order");
    assertThat(failure.retryable()).isTrue();
    assertThat(failure("http", get("/error").put("method", "POST")).retryable()).isFalse();
    assertThat(failure("http_get", get("/missing")).retryable()).isFalse();
    assertThat(
            output("http_get", get("/missing").put("fail_on_error", false)).path("status").asInt())
        .isEqualTo(404);
  }

  @Test
  void redirects_are_followed_and_counted() throws InterruptedException {
    JsonNode output = output("http_get", get("/hop"));
    assertThat(output.path("url").asString()).endsWith("/json");
    assertThat(failure("http_get", get("/loop")).problem().detail())
        .isEqualTo("more than 5 redirects");
    assertThat(seen.stream().filter(line -> line.contains("/loop"))).hasSize(6);
  }

  @Test
  void credentials_stay_with_the_host_they_were_meant_for() throws InterruptedException {
    ObjectNode ask = get("/other");
    ask.putObject("headers")
        .put("Authorization", "Bearer t")
        .put("X-Api-Key", "k")
        .put("Accept", "a/b");
    output("http_get", ask);
    assertThat(seen.getFirst()).contains("authorization=", "x-api-key=");
    assertThat(seen.getLast())
        .contains("/json", "accept=a/b")
        .doesNotContain("authorization", "x-api-key");
    ObjectNode post = get("/post-hop").put("method", "POST").put("body", "secret");
    assertThat(failure("http", post).problem().detail()).contains("body to another host");
  }

  @Test
  void every_hop_is_checked() throws InterruptedException {
    assertThat(problem("http_get", get("/evil")).detail())
        .startsWith("metadata.test leads to an address that is not public")
        .contains("CAPSTAN_HTTP_ALLOW_PRIVATE");
    assertThat(problem("http_get", get("/file")).detail()).contains("http:// or https://");
  }

  @Test
  void a_name_with_one_public_and_one_private_address_is_refused() throws InterruptedException {
    Problem problem = problem("http_get", url("http://rebind.test:" + port + "/json"));
    assertThat(problem.code()).isEqualTo(ProblemCode.FORBIDDEN);
    assertThat(seen).isEmpty();
  }

  @Test
  void the_checked_address_is_the_one_connected_to() throws InterruptedException {
    output("http_get", url("http://other.test:" + port + "/json"));
    // No name server knows other.test: only our one lookup can have led there.
    assertThat(lookups).hasValue(1);
    assertThat(seen.getLast()).contains("host=other.test:" + port);
  }

  @Test
  void nothing_is_allowed_that_the_operator_does_not_list() throws InterruptedException {
    tools = tools("", "");
    Problem problem = problem("http_get", get("/json"));
    assertThat(problem.code()).isEqualTo(ProblemCode.FORBIDDEN);
    assertThat(problem.detail())
        .isEqualTo(
            "localhost:"
                + port
                + " is not allowed; the operator lists the hosts that may be asked"
                + " in CAPSTAN_HTTP_ALLOW, such as CAPSTAN_HTTP_ALLOW=localhost");
    assertThat(seen).isEmpty();
  }

  @Test
  void an_open_host_in_any_spelling_of_a_private_address_is_refused() throws InterruptedException {
    tools = tools("*", "");
    for (String host :
        List.of(
            "127.0.0.1",
            "localhost",
            "LOCALHOST.",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "2130706433",
            "0.0.0.0",
            "[::]",
            "10.0.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "[fe80::1]",
            "[fd00::1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "127.1",
            "0x7f.1",
            "0177.0.0.1",
            "224.0.0.1")) {
      Outcome outcome = call("http_get", url("http://" + host + ":" + port + "/json"));
      assertThat(outcome).as(host).isInstanceOf(Outcome.Failed.class);
      assertThat(seen).as(host).isEmpty();
    }
  }

  @Test
  void large_answers_and_bombs_are_cut_off() throws InterruptedException {
    for (String path : List.of("/large", "/bomb")) {
      Problem problem = problem("http_get", get(path));
      assertThat(problem.code()).as(path).isEqualTo(ProblemCode.LIMIT_REACHED);
      assertThat(problem.detail()).isEqualTo("the answer is larger than " + MOST + " bytes");
    }
  }

  @Test
  void silence_ends_with_the_time_limit() throws InterruptedException {
    Outcome.Failed read = failure("http_get", get("/slow").put("timeout_seconds", 1));
    assertThat(read.problem().code()).isEqualTo(ProblemCode.TIMED_OUT);
    assertThat(read.retryable()).isTrue();
    Outcome.Failed sent =
        failure("http", get("/slow").put("method", "POST").put("timeout_seconds", 1));
    assertThat(sent.problem().code()).isEqualTo(ProblemCode.OUTCOME_UNKNOWN);
    assertThat(sent.retryable()).isFalse();
  }

  @Test
  void a_cut_connection_is_unknown_only_where_it_matters() throws InterruptedException {
    assertThat(problem("http", get("/cut").put("method", "POST")).code())
        .isEqualTo(ProblemCode.OUTCOME_UNKNOWN);
    assertThat(failure("http_idempotent", get("/cut").put("method", "PUT")).retryable()).isTrue();
    server.stop();
    Outcome.Failed unreachable = failure("http", get("/json").put("method", "POST"));
    assertThat(unreachable.problem().code()).isEqualTo(ProblemCode.TOOL_FAILED);
    assertThat(unreachable.retryable()).isTrue();
  }

  @Test
  void an_interrupt_ends_it_at_once() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    server.serve(
        "/stuck",
        exchange -> {
          asked.countDown();
          server.hang();
        });
    CompletableFuture<Outcome> ended = new CompletableFuture<>();
    Thread thread =
        Thread.startVirtualThread(() -> {
          try {
            ended.complete(call("http_get", get("/stuck")));
          } catch (InterruptedException interrupted) {
            ended.completeExceptionally(interrupted);
          }
        });
    asked.await();
    thread.interrupt();
    assertThatThrownBy(() -> ended.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
  }

  @Test
  void hostile_input_is_refused() throws InterruptedException {
    for (String input :
        List.of(
            "{}",
            "{\"url\":\"\"}",
            "{\"url\":\"ftp://localhost/\"}",
            "{\"url\":\"http://\"}",
            "{\"url\":\"http://u:p@localhost/\"}",
            "{\"url\":\"http://local host/\"}",
            "{\"url\":\"http://localhost:99999/\"}",
            "{\"url\":\"//localhost/\"}",
            "{\"url\":\"http://localhost/\\r\\nX: y\"}",
            "{\"url\":\"http://localhost/\",\"method\":\"POST\"}",
            "{\"url\":\"http://localhost/\",\"headers\":{\"a\":\"b\\r\\nc: d\"}}",
            "{\"url\":\"http://localhost/\",\"timeout_seconds\":0}")) {
      assertThat(problem("http_get", (ObjectNode) Json.parse(input)).code())
          .as(input)
          .isIn(ProblemCode.INVALID_INPUT, ProblemCode.FORBIDDEN);
    }
    for (String header :
        List.of(
            "Host",
            "Content-Length",
            "Connection",
            "Transfer-Encoding",
            "Cookie",
            "X-Forwarded-For",
            "Proxy-Authorization",
            "Idempotency-Key",
            "a\nb")) {
      ObjectNode ask = get("/json");
      ask.putObject("headers").put(header, "1");
      assertThat(problem("http_get", ask).detail()).as(header).contains("cannot be set");
    }
    assertThat(problem("http_get", get("/json").put("body", "x")).detail())
        .isEqualTo("GET has no body");
    assertThat(seen).isEmpty();
  }

  private ObjectNode get(String path) {
    return url("http://localhost:" + port + path);
  }

  private static ObjectNode url(String url) {
    return Json.object().put("url", url);
  }

  private Outcome call(String name, ObjectNode input) throws InterruptedException {
    try {
      return tool(name).call(Calls.of(input));
    } catch (dev.capstan.kernel.Refusal refused) {
      return Outcome.failed(refused.problem());
    }
  }

  private JsonNode output(String name, ObjectNode input) throws InterruptedException {
    return Calls.output(tool(name), Calls.of(input));
  }

  private Problem problem(String name, ObjectNode input) throws InterruptedException {
    return failure(name, input).problem();
  }

  private Outcome.Failed failure(String name, ObjectNode input) throws InterruptedException {
    Outcome outcome = call(name, input);
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    return (Outcome.Failed) outcome;
  }

  private Tool tool(String name) {
    return tools.tool(name).orElseThrow();
  }
}
