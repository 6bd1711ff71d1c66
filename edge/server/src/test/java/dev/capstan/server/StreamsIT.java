package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Whoever is cut off and comes back misses nothing and sees nothing twice. */
class StreamsIT {
  private static final int STEPS = 997;
  private static final int CUTS = 20;

  @TempDir static Path home;
  private static TestHouse house;

  @BeforeAll
  static void open() {
    house = TestHouse.open(home);
  }

  @AfterAll
  static void close() {
    house.close();
  }

  /** A chain, so that events come one after the other for a while. */
  private static ObjectNode chain() {
    ObjectNode plan = Json.object().put("name", "chain");
    ArrayNode steps = plan.putArray("steps");
    for (int i = 0; i < STEPS; i++) {
      ObjectNode step = steps.addObject().put("id", "s" + i).put("tool", "calculator");
      step.putObject("input").put("expression", i + "+1");
      if (i > 0) {
        step.putArray("depends_on").add("s" + (i - 1));
      }
    }
    return plan;
  }

  @Test
  void a_stream_that_is_cut_twenty_times_has_every_event_once() throws Exception {
    String run = house.run(chain());
    List<Integer> seen = new ArrayList<>();
    boolean ended = false;
    for (int cut = 0; cut <= CUTS && !ended; cut++) {
      int most = cut == CUTS ? Integer.MAX_VALUE : 50;
      ended = readSome(run, seen, most);
    }
    assertThat(ended).isTrue();
    assertThat(seen)
        .isEqualTo(IntStream.rangeClosed(1, seen.size()).boxed().toList())
        .hasSizeGreaterThan(STEPS);
  }

  private static boolean readSome(String run, List<Integer> seen, int most)
      throws IOException, InterruptedException {
    int last = seen.isEmpty() ? 0 : seen.getLast();
    HttpResponse<InputStream> answer =
        house
            .client()
            .send(
                house
                    .to("/runs/" + run + "/events")
                    .header("Accept", "text/event-stream")
                    .header("Last-Event-ID", Integer.toString(last))
                    .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    int taken = 0;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals("event: end")) {
          return true;
        }
        if (line.startsWith("id: ")) {
          seen.add(Integer.parseInt(line.substring(4)));
          if (++taken >= most) {
            return false;
          }
        }
      }
    }
    return false;
  }

  @Test
  void a_socket_that_is_cut_twenty_times_has_every_event_once() throws Exception {
    String run = house.run(chain());
    List<Integer> seen = new ArrayList<>();
    boolean ended = false;
    for (int cut = 0; cut <= CUTS && !ended; cut++) {
      int most = cut == CUTS ? Integer.MAX_VALUE : 50;
      ended = listenSome(run, seen, most);
    }
    assertThat(ended).isTrue();
    assertThat(seen)
        .isEqualTo(IntStream.rangeClosed(1, seen.size()).boxed().toList())
        .hasSizeGreaterThan(STEPS);
  }

  private static boolean listenSome(String run, List<Integer> seen, int most) throws Exception {
    BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    int last = seen.isEmpty() ? 0 : seen.getLast();
    String path = "/api/v1/ws/executions/" + run + "?after=" + last;
    WebSocket socket =
        house
            .client()
            .newWebSocketBuilder()
            .buildAsync(URI.create("ws://localhost:" + house.port() + path), new Frames(frames))
            .get(10, TimeUnit.SECONDS);
    try {
      for (int taken = 0; taken < most; taken++) {
        String text = frames.poll(20, TimeUnit.SECONDS);
        assertThat(text).as("a frame after %s", seen.size()).isNotNull();
        JsonNode frame = Json.parse(text);
        if (frame.path("type").asString("").equals("end")) {
          return true;
        }
        seen.add(frame.path("seq").intValue());
      }
      return false;
    } finally {
      socket.abort();
    }
  }

  private static final class Frames implements WebSocket.Listener {
    private final BlockingQueue<String> frames;
    private final StringBuilder text = new StringBuilder();

    Frames(BlockingQueue<String> frames) {
      this.frames = frames;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        frames.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }
}
