package dev.capstan.server.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that ends its streams when it likes. */
class PeerTest {
  private static final int EVENTS = 20;

  private HttpServer http;
  private int eventsOfAStream = 7;

  @BeforeEach
  void serve() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    http.createContext("/runs/r/events", this::stream);
    http.createContext("/runs/none/events", PeerTest::refuse);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.start();
  }

  @AfterEach
  void stop() {
    http.stop(0);
  }

  /** Begins with the event that was heard last, so that a listener must notice. */
  private void stream(HttpExchange exchange) throws IOException {
    int after = Integer.parseInt(exchange.getRequestHeaders().getFirst("Last-Event-ID"));
    int last = Math.min(EVENTS, after + eventsOfAStream);
    StringBuilder text = new StringBuilder(": hello\n\n");
    for (int seq = Math.max(1, after); seq <= last; seq++) {
      text.append("id: ").append(seq).append("\nevent: e\ndata: {\"seq\":").append(seq);
      text.append("}\n\n");
    }
    text.append(last == EVENTS ? "event: end\ndata: {}\n\n" : ": bye\n\n");
    answer(exchange, 200, text.toString());
  }

  private static void refuse(HttpExchange exchange) throws IOException {
    answer(exchange, 404, "{\"code\": \"not_found\", \"detail\": \"there is no such run\"}");
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    exchange.sendResponseHeaders(status, 0);
    try (var out = exchange.getResponseBody()) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private List<Integer> heard(String run) throws InterruptedException {
    List<Integer> heard = new ArrayList<>();
    try (Peer peer = new Peer("http://localhost:" + http.getAddress().getPort())) {
      peer.follow(run, event -> heard.add(event.path("seq").asInt(0)));
    }
    return heard;
  }

  @Test
  void every_event_is_heard_once_whichever_stream_tells_it() throws Exception {
    assertThat(heard("r")).isEqualTo(IntStream.rangeClosed(1, EVENTS).boxed().toList());
  }

  @Test
  void a_server_whose_streams_tell_nothing_is_given_up() {
    eventsOfAStream = 0;
    assertThatThrownBy(() -> heard("r")).isInstanceOf(Unreachable.class);
  }

  @Test
  void what_the_server_refuses_is_told() {
    assertThatThrownBy(() -> heard("none"))
        .isInstanceOfSatisfying(
            Refusal.class,
            refused -> {
              assertThat(refused.problem().code()).isEqualTo(ProblemCode.NOT_FOUND);
              assertThat(refused.problem().detail()).isEqualTo("there is no such run");
            });
  }
}
