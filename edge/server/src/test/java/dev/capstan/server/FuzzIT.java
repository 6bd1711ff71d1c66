package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Dice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is sent, what comes back is no 5xx, and it comes. {@code -Dcapstan.fuzz=100000} for the
 * long form, {@code -Dcapstan.fuzz.seed} for another series.
 */
class FuzzIT {
  private static final long SEED = Long.getLong("capstan.fuzz.seed", 2026);
  private static final int CASES = Integer.getInteger("capstan.fuzz", 2_000);
  private static final int PATIENCE_MILLIS = 20_000;

  private static final String[] METHODS = {
    "GET", "POST", "POST", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "get", "X"
  };
  private static final String[] PATHS = {
    "/runs",
    "/runs/run_38fyaaewyfej9",
    "/runs/nope",
    "/runs/import",
    "/plans/check",
    "/plans/draw",
    "/plans/from-prompt",
    "/plans/schema",
    "/tools",
    "/tools/calculator",
    "/events",
    "/health",
    "/status",
    "/metrics",
    "/verify",
    "/openapi.json",
    "/api/v1/runs",
    "/v1/chat/completions",
    "/v1/chat/completions",
    "/v1/models",
    "/costs",
    "/v1/models/demo",
    "/",
    "//",
    "/%zz",
    "/%ff",
    "/runs/%00",
    "/runs/..",
    "/runs/run_38fyaaewyfej9/events",
    "/runs/run_38fyaaewyfej9/ws",
    "/runs/run_38fyaaewyfej9/fork",
    "/runs/run_38fyaaewyfej9/signal",
    "/runs/\u00e4",
    "*"
  };
  private static final String[] QUERIES = {
    "", "", "?after=1", "?after=-1", "?limit=x", "?limit=99999999999", "?at=step:", "?at=2026",
    "?at=9", "?status=no", "?format=x", "?type=%ff", "?x=%", "?after=AAAA", "?parent=zzz",
        "?a[b]=|",
    "?by=run", "?by=x", "?since=x", "?since=%2B1000000000-12-31T23:59:59Z"
  };
  private static final String[] HEADERS = {
    "Content-Type: application/json",
    "Content-Type: application/json",
    "Content-Type: text/plain",
    "Content-Type: application/json; charset=utf-16",
    "Accept: text/event-stream",
    "Accept: x",
    "Origin: http://evil.example",
    "Idempotency-Key: k",
    "Idempotency-Key: \u0001",
    "X-Correlation-Id: c",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: x",
    "Content-Encoding: gzip",
    "Expect: tea",
    "Upgrade: websocket",
    "Connection: upgrade",
    "Last-Event-ID: -4",
    "Broken",
    "Cookie: a=b",
    "A\u0000: b"
  };
  private static final String[] BODIES = {
    "",
    "{",
    "[]",
    "null",
    "7",
    "\"x\"",
    "{}",
    "{\"prompt\":\"\"}",
    "{\"prompt\":7}",
    "{\"prompt\":\"what is 1/0?\"}",
    "{\"prompt\":\"add 1 and 2\",\"priority\":1e9}",
    "{\"plan\":\"a: [\"}",
    "{\"plan\":{\"name\":\"x\",\"steps\":[]}}",
    "{\"plan\":{\"steps\":7}}",
    "{\"plan\":{\"name\":\"x\",\"steps\":[{\"id\":\"a\",\"tool\":\"calculator\",\"input\":{\"expression\":\"1+\"}}]}}",
    "{\"plan\":{\"name\":\"x\",\"steps\":[{\"id\":\"a\",\"tool\":\"echo\",\"input\":\"${steps.b.output}\"}]}}",
    "{\"plan\":\"name: x\\nsteps: &a [*a]\"}",
    "{\"name\":\"s\",\"payload\":[[[[[[]]]]]]}",
    "{\"from\":\"a\"}",
    "{\"format\":\"capstan-run/1\",\"run\":\"run_38fyaaewyfej9\",\"events\":[{}],\"plan\":{}}",
    "{\"a\":1,\"a\":2}",
    "{\"model\":\"demo\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}",
    "{\"model\":\"demo\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}",
    "{\"model\":\"demo\",\"messages\":[{\"role\":\"tool\",\"content\":7}],\"tools\":[{}]}",
    "{\"model\":\"demo\",\"messages\":[{\"role\":\"user\",\"content\":\"\\ud800\"}]}",
    "{\"model\":7,\"messages\":{},\"n\":2,\"stop\":[[]],\"response_format\":7}",
    "{\"model\":\"demo\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"http://x\"}}]}]}",
    "{\"model\":\"demo\",\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]}]}",
    "\uffff",
    "{\"prompt\":\"\\ud800\"}",
    "{\"prompt\":\"\\u0000 add 1 and 2\"}"
  };

  @TempDir Path home;

  @Test
  void whatever_is_sent_is_answered_and_never_with_a_defect() throws Exception {
    try (TestHouse house = TestHouse.open(home)) {
      for (int i = 0; i < CASES; i++) {
        byte[] request = request(i);
        String answer = send(house.port(), request);
        String told = "case " + i + " of seed " + SEED + ": " + text(request) + "\n=> " + answer;
        assertThat(answer).as(told).startsWith("HTTP/1.1 ");
        if (!isAboutNoResource(text(request), answer)) {
          assertThat(answer.charAt(9)).as(told).isNotEqualTo('5');
        }
        assertThat(answer).as(told).doesNotContain("<html").doesNotContain("\tat ");
      }
      assertThat(house.get("/health").statusCode()).isEqualTo(200);
    }
    System.out.printf("figure: %,d requests, none of them answered by a defect%n", CASES);
  }

  /**
   * {@code OPTIONS *} asks about the server and no resource: Tomcat answers it by itself, and an
   * unknown transfer coding with 501, as RFC 9112 (6.1) asks.
   */
  private static boolean isAboutNoResource(String request, String answer) {
    return request.startsWith("OPTIONS *")
        && request.contains("Transfer-Encoding: x")
        && answer.startsWith("HTTP/1.1 501 ");
  }

  private static int pick(int number, int purpose, int most) {
    return (int) (Dice.unit(SEED, purpose, number) * most);
  }

  private static byte[] request(int number) {
    StringBuilder head = new StringBuilder();
    head.append(METHODS[pick(number, 1, METHODS.length)]).append(' ');
    head.append(PATHS[pick(number, 2, PATHS.length)]);
    head.append(QUERIES[pick(number, 3, QUERIES.length)]).append(" HTTP/1.1\r\n");
    head.append(pick(number, 4, 20) == 0 ? "Host: evil\r\n" : "Host: localhost\r\n");
    for (int i = 0; i < pick(number, 5, 4); i++) {
      head.append(HEADERS[pick(number, 10 + i, HEADERS.length)]).append("\r\n");
    }
    byte[] body = mangled(number, BODIES[pick(number, 6, BODIES.length)]);
    head.append("Content-Length: ").append(body.length).append("\r\nConnection: close\r\n\r\n");
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
    whole.writeBytes(body);
    return whole.toByteArray();
  }

  /** One body in four has a byte changed. */
  private static byte[] mangled(int number, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0 && pick(number, 7, 4) == 0) {
      bytes[pick(number, 8, bytes.length)] = (byte) pick(number, 9, 256);
    }
    return bytes;
  }

  private static String send(int port, byte[] request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
      socket.shutdownOutput();
      InputStream in = socket.getInputStream();
      return text(in.readNBytes(200_000));
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
