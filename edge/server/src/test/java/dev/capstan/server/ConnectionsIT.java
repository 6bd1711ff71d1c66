package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.capstan.kernel.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What clients do with connections that a worker of the server stays with for a while. */
@Timeout(60)
class ConnectionsIT {
  /** More than there are workers. */
  private static final int CROWD = 150;

  /** Longer than a worker stays with a connection that is silent. */
  private static final int SILENCE_MILLIS = 600;

  private static final int PATIENCE_MILLIS = 30_000;
  private static final String SCRIPT =
      """
      rules:
        - say: At once.
      """;

  @TempDir Path home;
  private TestHouse house;

  @BeforeEach
  void open() throws IOException {
    house = TestHouse.scripted(home, SCRIPT);
  }

  @AfterEach
  void close() {
    house.close();
  }

  private final class Client implements AutoCloseable {
    private final Socket socket;

    Client() throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), house.port());
      socket.setSoTimeout(PATIENCE_MILLIS);
    }

    void sends(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Nothing comes, and the connection stays open. */
    void hearsNothing() throws IOException {
      socket.setSoTimeout(SILENCE_MILLIS);
      assertThatExceptionOfType(SocketTimeoutException.class)
          .isThrownBy(() -> socket.getInputStream().read());
      socket.setSoTimeout(PATIENCE_MILLIS);
    }

    String readsUntil(String end) throws IOException {
      InputStream in = socket.getInputStream();
      StringBuilder read = new StringBuilder();
      while (read.indexOf(end) < 0) {
        int next = in.read();
        if (next < 0) {
          throw new IOException("hung up after: " + read);
        }
        read.append((char) next);
      }
      return read.toString();
    }

    String head() throws IOException {
      return readsUntil("\r\n\r\n").toLowerCase(Locale.ROOT);
    }

    String hears() throws IOException {
      String head = head();
      assertThat(head).startsWith("http/1.1 200").doesNotContain("connection: close");
      String length = head.replaceFirst("(?s).*content-length: (\\d+).*", "$1");
      byte[] body = socket.getInputStream().readNBytes(Integer.parseInt(length));
      return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static String models() {
    return "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n";
  }

  private static String asking(String text) {
    String body = Json.write(ChatHouse.asking("default", text));
    return "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + ("Content-Length: " + body.length() + "\r\n\r\n" + body);
  }

  private static JsonNode plan(String step) {
    return Json.parse("{\"name\":\"p\",\"steps\":[" + step + "]}");
  }

  @Test
  void a_request_may_come_in_pieces_whether_somebody_stays_or_not() throws Exception {
    String asking = asking("hello");
    int inTheHead = 30;
    int inTheBody = asking.length() - 10;
    try (Client client = new Client()) {
      for (int times = 0; times < 3; times++) {
        client.sends(asking.substring(0, inTheHead));
        client.hearsNothing();
        client.sends(asking.substring(inTheHead, inTheBody));
        client.hearsNothing();
        client.sends(asking.substring(inTheBody));
        assertThat(client.hears()).contains("At once.");
        client.sends(models());
        assertThat(client.hears()).contains("\"default\"");
      }
    }
  }

  @Test
  void two_requests_sent_at_once_are_answered_one_after_the_other() throws Exception {
    try (Client client = new Client()) {
      for (int times = 0; times < 3; times++) {
        client.sends(asking("hello") + models());
        assertThat(client.hears()).contains("At once.");
        assertThat(client.hears()).contains("\"default\"");
      }
    }
  }

  @Test
  void many_who_listen_for_long_keep_nobody_else_waiting() throws Exception {
    String run = house.run(plan("{\"id\":\"ask\",\"approval\":\"go on?\"}"));
    List<Client> listening = new ArrayList<>();
    try (Client other = new Client()) {
      for (int i = 0; i < CROWD; i++) {
        Client client = new Client();
        listening.add(client);
        client.sends(
            "GET /runs/"
                + run
                + "/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
        assertThat(client.head()).startsWith("http/1.1 200");
        other.sends(models());
        assertThat(other.hears()).contains("\"default\"");
      }
      house.post("/runs/" + run + "/approve", Json.object().put("step", "ask"));
      for (Client each : listening) {
        each.readsUntil("event: end");
      }
    } finally {
      for (Client each : listening) {
        each.close();
      }
    }
  }

  @Test
  void a_connection_may_become_a_websocket_after_other_requests() throws Exception {
    String run = house.run(plan("{\"id\":\"a\",\"tool\":\"echo\",\"input\":{\"value\":1}}"));
    house.end(run);
    try (Client client = new Client()) {
      client.sends(models());
      assertThat(client.hears()).contains("\"default\"");
      client.sends(
          "GET /runs/"
              + run
              + "/ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
              + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
      assertThat(client.head()).startsWith("http/1.1 101");
      client.readsUntil("run_completed");
    }
  }

  @Test
  void connections_whose_clients_left_are_let_go() throws Exception {
    HttpResponse<String> first = house.get("/v1/models");
    assertThat(first.statusCode()).isEqualTo(200);
    long before = open("socket:");
    for (int i = 0; i < CROWD; i++) {
      try (Client client = new Client()) {
        client.sends(models());
        client.hears();
      }
    }
    while (open("socket:") > before + 5) {
      house.get("/v1/models");
    }
  }

  private static long open(String kind) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.filter(file -> isA(kind, file)).count();
    }
  }

  private static boolean isA(String kind, Path file) {
    try {
      return Files.readSymbolicLink(file).toString().startsWith(kind);
    } catch (IOException closed) {
      return false;
    }
  }
}
