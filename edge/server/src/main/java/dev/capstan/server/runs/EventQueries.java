package dev.capstan.server.runs;

import dev.capstan.journal.EventCodec;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import dev.capstan.server.http.Answer;
import dev.capstan.server.http.Exchange;
import dev.capstan.views.EventView;
import dev.capstan.views.LiveEvents;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events as pages: of one run, and the latest of all. */
public final class EventQueries {
  private static final int MOST = 5_000;

  private record EventPage(List<EventView> items, @Nullable Integer next, boolean done) {}

  private record Recent(List<EventView> items) {}

  private final RunReader runs;
  private final LiveEvents live;

  public EventQueries(RunReader runs, LiveEvents live) {
    this.runs = runs;
    this.live = live;
  }

  /** {@code GET /runs/{id}/events}, as a page. */
  public Answer page(Exchange exchange) {
    RunId run = exchange.run();
    int after = exchange.query("after", 0, 0, Integer.MAX_VALUE);
    int limit = exchange.query("limit", 500, 1, MOST);
    runs.require(exchange.tenant(), run);
    List<Recorded> events = live.read(run, after, limit);
    boolean done = events.isEmpty() ? isOver(run) : isEnd(events.getLast());
    Integer next = events.size() == limit && !done ? (Integer) events.getLast().seq() : null;
    return Answer.ok(new EventPage(events.stream().map(EventView::of).toList(), next, done));
  }

  private boolean isOver(RunId run) {
    return live.read(run, 0, Integer.MAX_VALUE).getLast().event() instanceof RunEvent.Terminal;
  }

  private static boolean isEnd(Recorded last) {
    return last.event() instanceof RunEvent.Terminal;
  }

  /** {@code GET /events}: the latest events that this process wrote, newest first. */
  public Answer recent(Exchange exchange) {
    String type = exchange.query("type").orElse(null);
    if (type != null && !EventCodec.wireNames().contains(type)) {
      throw Problem.of(
              ProblemCode.INVALID_REQUEST,
              "no event is called so; there are "
                  + EventCodec.wireNames().stream().sorted().toList())
          .refusal();
    }
    int limit = exchange.query("limit", 100, 1, MOST);
    return Answer.ok(new Recent(live.recent(type, limit).stream().map(EventView::of).toList()));
  }
}
