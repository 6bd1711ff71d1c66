package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Clients that wait for a whole answer of an agent, and those who do not wait for it. */
@Timeout(60)
class LeavingIT {
  private static final String SCRIPT =
      """
      rules:
        - match: {text: for long}
          say: Too late.
          delay: 60s
        - match: {text: patiently}
          say: At last.
          delay: 3s
        - say: At once.
      """;

  @TempDir Path home;
  private TestHouse house;

  @BeforeEach
  void open() throws IOException {
    Path crews = Files.createDirectories(home.resolve("crews"));
    Files.writeString(crews.resolve("clerk.yaml"), "{role: clerk, goal: g}");
    house = TestHouse.scripted(home, SCRIPT);
  }

  @AfterEach
  void close() {
    house.close();
  }

  private byte[] question(String text, String header) {
    String body = Json.write(ChatHouse.asking("agent:clerk", text));
    String request =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost:"
            + house.port()
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n"
            + header
            + "\r\n"
            + body;
    return request.getBytes(StandardCharsets.US_ASCII);
  }

  private Socket connected() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), house.port());
  }

  /** Asks, and goes as soon as its run is there. */
  private String leave(String text, String header) throws Exception {
    try (Socket client = connected()) {
      client.getOutputStream().write(question(text, header));
      JsonNode runs = Json.object();
      while (runs.path("items").isEmpty()) {
        runs = Json.parse(house.get("/runs").body());
      }
      return runs.path("items").path(0).path("id").asString("");
    }
  }

  @Test
  void who_leaves_ends_the_run() throws Exception {
    JsonNode run = house.end(leave("think for long", ""));
    assertThat(run.path("status").asString()).isEqualTo("cancelled");
  }

  @Test
  void who_leaves_and_may_come_back_does_not() throws Exception {
    JsonNode run = house.end(leave("wait patiently", "Idempotency-Key: mine\r\n"));
    assertThat(run.path("status").asString()).isEqualTo("completed");
  }

  @Test
  void who_waits_hears_the_answer_and_may_ask_again_on_the_same_connection() throws Exception {
    try (Socket client = connected()) {
      client.setSoTimeout(Math.toIntExact(Duration.ofSeconds(30).toMillis()));
      client.getOutputStream().write(question("wait patiently", ""));
      StringBuilder first = new StringBuilder();
      while (first.indexOf("total_tokens") < 0 || !first.toString().endsWith("}}}")) {
        first.append((char) client.getInputStream().read());
      }
      assertThat(first).contains("HTTP/1.1 200", "At last.");
      client.getOutputStream().write(question("and now?", "Connection: close\r\n"));
      assertThat(all(client.getInputStream())).contains("HTTP/1.1 200", "At once.");
    }
  }

  @Test
  void who_sends_the_question_in_chunks_is_not_taken_for_gone() throws Exception {
    String body = Json.write(ChatHouse.asking("agent:clerk", "wait patiently"));
    HttpRequest question =
        house
            .to("/v1/chat/completions")
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
            .build();
    for (int times = 0; times < 2; times++) {
      assertThat(house.send(question).body()).contains("At last.");
    }
  }

  private static String all(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }
}
