package dev.capstan.tools.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.tools.Calls;
import dev.capstan.tools.ToolRegistry;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.ssl.SSLContexts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tool makes of certificates, on a real TLS server on the loopback. */
class HttpsToolIT {
  private static final String NAMES = "dns:localhost,ip:127.0.0.1";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"http_get", "http", "http_idempotent"})
  void a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_sent(String name)
      throws Exception {
    try (SecureServer server = started(new SecureServer(folder, NAMES))) {
      Outcome.Failed failed = failure(server, name, SSLContexts::createDefault);
      // Known not to have been sent, so that even a tool that must not be repeated is not in doubt.
      assertThat(failed.problem().code()).isEqualTo(ProblemCode.TOOL_FAILED);
      assertThat(failed.problem().detail())
          .startsWith("no safe connection to localhost: ")
          .contains("certification path");
      assertThat(failed.retryable()).isFalse();
      assertThat(server.asked).hasValue(0);
    }
  }

  @Test
  void a_trusted_certificate_for_another_host_is_refused() throws Exception {
    try (SecureServer server = started(new SecureServer(folder, "dns:other.test"))) {
      Outcome.Failed failed = failure(server, "http_get", trusting(server));
      assertThat(failed.problem().detail())
          .startsWith("no safe connection to localhost: ")
          .contains("name matching localhost");
      assertThat(server.asked).hasValue(0);
    }
  }

  @Test
  void a_trusted_certificate_is_enough() throws Exception {
    try (SecureServer server = started(new SecureServer(folder, NAMES))) {
      Tool tool = tool(server, "http_get", trusting(server));
      var output = Calls.output(tool, Calls.of(ask(server, "http_get", "/json")));
      assertThat(output.path("body").toString()).isEqualTo("{\"safe\":true}");
    }
  }

  @Test
  void a_redirect_to_a_connection_that_anybody_can_read_is_not_followed() throws Exception {
    try (SecureServer server = started(new SecureServer(folder, NAMES))) {
      Tool tool = tool(server, "http_get", trusting(server));
      Outcome outcome = tool.call(Calls.of(ask(server, "http_get", "/down")));
      assertThat(outcome).isInstanceOf(Outcome.Failed.class);
      assertThat(((Outcome.Failed) outcome).problem().code()).isEqualTo(ProblemCode.FORBIDDEN);
      assertThat(((Outcome.Failed) outcome).problem().detail())
          .isEqualTo("a redirect from https to http is not followed");
      assertThat(server.asked).hasValue(1);
    }
  }

  private static SecureServer started(SecureServer server) {
    server.serve(
        "/json",
        exchange -> LocalServer.answer(exchange, 200, "application/json", "{\"safe\":true}"));
    server.serve(
        "/down",
        exchange ->
            LocalServer.redirect(exchange, 302, "http://localhost:" + server.port() + "/json"));
    server.start();
    return server;
  }

  private static Supplier<SSLContext> trusting(SecureServer server) throws Exception {
    SSLContext trusted = server.trusting();
    return () -> trusted;
  }

  private static Outcome.Failed failure(
      SecureServer server, String name, Supplier<SSLContext> trusted) throws InterruptedException {
    Outcome outcome = tool(server, name, trusted).call(Calls.of(ask(server, name, "/json")));
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    return (Outcome.Failed) outcome;
  }

  private static tools.jackson.databind.JsonNode ask(
      SecureServer server, String name, String path) {
    return Json.object()
        .put("url", "https://localhost:" + server.port() + path)
        .put("method", name.equals("http_get") ? "GET" : "PUT");
  }

  private static Tool tool(SecureServer server, String name, Supplier<SSLContext> trusted) {
    HttpRules rules =
        new HttpRules(
            AllowList.parse(""),
            AllowList.parse("localhost:" + server.port()),
            64 * 1024,
            Duration.ofSeconds(20));
    return ToolRegistry.of(HttpTools.of(rules, InetAddress::getAllByName, trusted))
        .tool(name)
        .orElseThrow();
  }
}
