package dev.capstan.cli.api;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A run's events as they happen. A thread reads the stream and, when it breaks, opens it again
 * after the last event that it got, for as long as it takes: a server that comes back goes on
 * telling.
 */
public final class LiveEvents implements AutoCloseable {
  /** What came. */
  public sealed interface News {
    /** An event in its place. */
    record Event(JsonNode body) implements News {}

    /** How far a step under way is; kept nowhere. */
    record Progress(JsonNode body) implements News {}

    /** Nothing comes at the moment, and why. */
    record Silence(String reason) implements News {}

    /** The server refuses to tell. */
    record Refused(Refusal refusal) implements News {}

    /** The last event has come. */
    record End() implements News {}
  }

  private static final long RETRY_MILLIS = 500;

  private final Server server;
  private final String run;
  private final BlockingQueue<News> queue = new ArrayBlockingQueue<>(1_000);
  private final Thread reader;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile long last;

  /** Tells everything after event {@code after}. */
  public LiveEvents(Server server, String run, long after) {
    this.server = server;
    this.run = run;
    this.last = after;
    this.reader = Thread.ofPlatform().daemon().name("events").start(this::read);
  }

  /** The next news, or null when there is none within this time. */
  public @Nullable News next(long millis) throws InterruptedException {
    return queue.poll(millis, TimeUnit.MILLISECONDS);
  }

  private void read() {
    try {
      boolean done = readOnce();
      while (!done && !closed.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
        done = readOnce();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** True when there is nothing more to read. */
  private boolean readOnce() throws InterruptedException {
    try (InputStream stream =
        server.stream("/runs/" + run + "/events?after=" + last, Long.toString(last))) {
      return readFrames(
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8), 1 << 16));
    } catch (Unreachable | IOException broken) {
      String reason = broken.getMessage();
      queue.put(new News.Silence(reason == null ? "the connection broke" : reason));
      return false;
    } catch (Refusal refused) {
      if (refused.problem().code().retryable()) {
        queue.put(new News.Silence(refused.problem().detail()));
        return false;
      }
      queue.put(new News.Refused(refused));
      return true;
    }
  }

  private boolean readFrames(BufferedReader lines) throws IOException, InterruptedException {
    String type = "";
    StringBuilder data = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isEmpty()) {
        if (tell(type, data.toString())) {
          return true;
        }
        type = "";
        data.setLength(0);
      } else if (line.startsWith("event:")) {
        type = line.substring(6).strip();
      } else if (line.startsWith("data:")) {
        data.append(data.isEmpty() ? "" : "\n").append(line.substring(5).strip());
      }
    }
    return false;
  }

  private boolean tell(String type, String data) throws InterruptedException {
    if (type.equals("end")) {
      queue.put(new News.End());
      return true;
    }
    if (data.isEmpty()) {
      return false;
    }
    JsonNode body = Json.parse(data);
    if (type.equals("progress")) {
      queue.put(new News.Progress(body));
      return false;
    }
    long seq = body.path("seq").asLong(0);
    // After a broken stream the server may begin again a little earlier: nothing is told twice.
    if (seq > last) {
      queue.put(new News.Event(body));
      last = seq;
    }
    return false;
  }

  @Override
  public void close() {
    closed.countDown();
    reader.interrupt();
  }
}
