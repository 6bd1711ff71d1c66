package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More clients than the server has connections for, each of whom keeps its own. */
class CrowdIT {
  private static final int CLIENTS = 1_200;

  /** Less than a connection may be at rest: nobody gets in because another was given up. */
  private static final int PATIENCE_MILLIS = 10_000;

  @TempDir Path home;

  @Test
  void clients_that_keep_their_connections_do_not_shut_out_those_who_come_after_them()
      throws Exception {
    List<Socket> kept = new ArrayList<>();
    try (TestHouse house = TestHouse.open(home)) {
      int closed = 0;
      for (int i = 0; i < CLIENTS; i++) {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), house.port());
        kept.add(client);
        client.setSoTimeout(PATIENCE_MILLIS);
        String head = head(client, house.port());
        assertThat(head).as("client %d", i).startsWith("HTTP/1.1 200");
        closed += head.toLowerCase(java.util.Locale.ROOT).contains("connection: close") ? 1 : 0;
      }
      assertThat(closed).as("told that their connection is not kept").isBetween(100, 600);
    } finally {
      for (Socket each : kept) {
        each.close();
      }
    }
  }

  private static String head(Socket client, int port) throws IOException {
    String request = "GET /v1/models HTTP/1.1\r\nHost: localhost:" + port + "\r\n\r\n";
    client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    InputStream in = client.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("hung up after: " + head);
      }
      head.append((char) next);
    }
    return head.toString();
  }
}
