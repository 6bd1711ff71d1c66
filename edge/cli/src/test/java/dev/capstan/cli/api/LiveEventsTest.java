package dev.capstan.cli.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.capstan.cli.api.LiveEvents.News;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that cuts its streams, as a network does. */
class LiveEventsTest {
  private static final int EVENTS = 40;
  private static final int EVENTS_A_STREAM = 7;

  private final List<String> askedAfter = new CopyOnWriteArrayList<>();
  private HttpServer http;

  @BeforeEach
  void serve() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    http.createContext("/runs/r/events", this::answer);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.start();
  }

  @AfterEach
  void stop() {
    http.stop(0);
  }

  /** Begins one event before what was asked for, so that a reader must notice what it has seen. */
  private void answer(HttpExchange exchange) throws IOException {
    String after = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    askedAfter.add(after);
    int first = Math.max(1, Integer.parseInt(after));
    int last = Math.min(EVENTS, first + EVENTS_A_STREAM);
    StringBuilder text = new StringBuilder(": hello\n\n");
    for (int seq = first; seq <= last; seq++) {
      text.append("id: ")
          .append(seq)
          .append("\nevent: step_completed\ndata: {\"seq\":")
          .append(seq);
      text.append(",\ndata: \"type\":\"step_completed\"}\n\n");
    }
    text.append("event: progress\ndata: {\"step\":\"a\"}\n\n");
    text.append(last == EVENTS ? "event: end\ndata: {}\n\n" : "event: half");
    exchange.sendResponseHeaders(200, 0);
    try (var out = exchange.getResponseBody()) {
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void a_stream_that_is_cut_again_and_again_tells_everything_once() throws Exception {
    List<Integer> heard = new ArrayList<>();
    Server server = new Server("http://127.0.0.1:" + http.getAddress().getPort());
    try (LiveEvents events = new LiveEvents(server, "r", 0)) {
      News news = events.next(30_000);
      while (!(news instanceof News.End)) {
        if (news instanceof News.Event event) {
          heard.add(event.body().path("seq").asInt());
        }
        news = events.next(30_000);
        assertThat(news).isNotNull();
      }
    }
    assertThat(heard).hasSize(EVENTS).doesNotHaveDuplicates().isSorted();
    assertThat(askedAfter).hasSizeGreaterThan(4).startsWith("0", "8");
  }

  @Test
  void a_run_that_does_not_exist_is_a_refusal_and_no_silence() throws Exception {
    Server server = new Server("http://127.0.0.1:" + http.getAddress().getPort() + "/nowhere");
    try (LiveEvents events = new LiveEvents(server, "r", 0)) {
      assertThat(events.next(30_000)).isInstanceOf(News.Refused.class);
    }
  }

  @Test
  void a_server_that_is_gone_is_a_silence_that_is_said() throws Exception {
    try (LiveEvents events = new LiveEvents(new Server("http://127.0.0.1:1"), "r", 0)) {
      assertThat(events.next(30_000)).isInstanceOf(News.Silence.class);
    }
  }
}
