package dev.capstan.server.cases;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.capstan.kernel.RunId;
import dev.capstan.server.rehearsal.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server at which a run within a run is late, or never comes. */
@Timeout(60)
class LiveRunTest {
  private static final String TOP = "run_01k2m3n4p5q6r";
  private static final String WITHIN = "run_02k2m3n4p5q6r";
  private static final String WAITS =
      """
      data: {"seq":1,"type":"step_waiting","data":{"step":"inner","awaited":{"kind":"child","run":"%s"}}}

      event: end
      data: {}

      """
          .formatted(WITHIN);

  private final List<Duration> pauses = new ArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final List<String> followed = new ArrayList<>();
  private HttpServer http;
  private int comesAt;
  private int endsAt = Integer.MAX_VALUE;

  @BeforeEach
  void serve() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    http.createContext("/runs/", this::answer);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.start();
  }

  @AfterEach
  void stop() {
    http.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String[] path = exchange.getRequestURI().getPath().split("/", -1);
    String run = path[2];
    String what = path.length > 3 ? path[3] : "";
    boolean isThere = run.equals(TOP) || asked.get() >= comesAt;
    if (what.isEmpty() && run.equals(WITHIN)) {
      isThere = asked.incrementAndGet() >= comesAt;
    }
    String over = asked.get() >= endsAt ? ",\"ended_at\":\"2026-11-22T10:00:00Z\"" : "";
    String body =
        switch (what) {
          case "events" -> run.equals(TOP) ? WAITS : "event: end\ndata: {}\n\n";
          case "export" -> "{\"run\":\"" + run + "\",\"events\":[]}";
          default -> "{\"id\":\"" + run + "\"" + over + "}";
        };
    if (what.equals("events")) {
      followed.add(run);
    }
    byte[] text =
        (isThere ? body : "{\"code\":\"not_found\",\"detail\":\"there is no such run\"}")
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(isThere ? 200 : 404, text.length);
    try (var out = exchange.getResponseBody()) {
      out.write(text);
    }
  }

  private LiveRun followed() throws InterruptedException {
    try (Peer peer = new Peer("http://localhost:" + http.getAddress().getPort())) {
      LiveRun live = new LiveRun(peer, TOP, Script.Given.NOTHING, pauses::add);
      live.follow();
      return live;
    }
  }

  @Test
  void a_run_within_is_followed_once_it_is_there() throws Exception {
    comesAt = 3;
    assertThat(followed().events(RunId.parse(WITHIN))).isEmpty();
    assertThat(followed).containsExactly(TOP, WITHIN);
    assertThat(asked).hasValue(3);
    assertThat(pauses).hasSize(2);
  }

  @Test
  void one_that_never_comes_for_the_run_ended_first_is_not_waited_for() throws Exception {
    comesAt = Integer.MAX_VALUE;
    endsAt = 2;
    assertThat(followed().unanswered()).isEmpty();
    assertThat(followed).containsExactly(TOP);
  }
}
