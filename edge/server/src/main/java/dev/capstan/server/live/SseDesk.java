package dev.capstan.server.live;

import dev.capstan.journal.Recorded;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.RunId;
import dev.capstan.server.http.Answer;
import dev.capstan.server.http.Exchange;
import dev.capstan.server.runs.EventQueries;
import dev.capstan.server.runs.RunReader;
import dev.capstan.views.EventStream;
import dev.capstan.views.EventView;
import dev.capstan.views.LiveEvents;
import dev.capstan.views.Progress;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * {@code GET /runs/{id}/events}: a page, or, for whoever accepts {@code text/event-stream}, a
 * stream that a virtual thread pulls until the run has ended or the reader is gone.
 */
public final class SseDesk {
  private static final String MEDIA_TYPE = "text/event-stream";
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final RunReader runs;
  private final LiveEvents live;
  private final EventQueries pages;
  private final Closing closing;

  public SseDesk(RunReader runs, LiveEvents live, EventQueries pages, Closing closing) {
    this.runs = runs;
    this.live = live;
    this.pages = pages;
    this.closing = closing;
  }

  public Answer events(Exchange exchange) throws IOException, InterruptedException {
    if (!exchange.accepts(MEDIA_TYPE)) {
      return pages.page(exchange);
    }
    RunId run = exchange.run();
    int after =
        exchange.header(
            "Last-Event-ID",
            exchange.query("after", 0, 0, Integer.MAX_VALUE),
            0,
            Integer.MAX_VALUE);
    runs.require(exchange.tenant(), run);
    HttpServletResponse response = exchange.response();
    response.setContentType(MEDIA_TYPE + ";charset=utf-8");
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Accel-Buffering", "no");
    if (exchange.request().getMethod().equals("HEAD")) {
      return new Answer.Taken();
    }
    try (EventStream stream = live.stream(run, after);
        var _ = closing.closedWithTheHouse(stream)) {
      send(stream, response.getOutputStream());
    }
    return new Answer.Taken();
  }

  private static void send(EventStream stream, ServletOutputStream out)
      throws IOException, InterruptedException {
    write(out, "retry: 1000\n\n");
    out.flush();
    while (!stream.isEnded() && !stream.isClosed()) {
      EventStream.Batch batch = stream.next(HEARTBEAT);
      for (Progress progress : batch.progress()) {
        write(out, "event: progress\ndata: " + Json.write(progress) + "\n\n");
      }
      for (Recorded recorded : batch.events()) {
        write(out, frame(EventView.of(recorded)));
      }
      if (batch.events().isEmpty() && batch.progress().isEmpty()) {
        write(out, ": still here\n\n");
      }
      out.flush();
    }
    if (stream.isEnded()) {
      write(out, "event: end\ndata: {}\n\n");
      out.flush();
    }
  }

  private static String frame(EventView event) {
    return "id: "
        + event.seq()
        + "\nevent: "
        + event.type()
        + "\ndata: "
        + Json.write(event)
        + "\n\n";
  }

  private static void write(ServletOutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
