package dev.capstan.cli.verb;

import dev.capstan.cli.api.LiveEvents;
import dev.capstan.cli.api.LiveEvents.News;
import dev.capstan.cli.api.Server;
import dev.capstan.cli.picture.Ending;
import dev.capstan.cli.picture.EventLine;
import dev.capstan.cli.picture.Reasons;
import dev.capstan.cli.picture.RunPicture;
import dev.capstan.cli.terminal.Redrawn;
import dev.capstan.cli.terminal.Safe;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Stays with a run until it ends, and shows meanwhile what there is to see. */
final class Watching {
  private static final long FRAME_MILLIS = 100;
  private static final long QUIET_MILLIS = 1_000;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;

  /** How much is shown on the way. */
  enum Show {
    /** A redrawn picture in a terminal, nothing in a pipe. */
    PICTURE,
    /** A redrawn picture in a terminal, a line per event in a pipe. */
    LINES,
    /** Each event as JSON. */
    JSON
  }

  private final Desk desk;
  private final Server server;
  private final String run;
  private final Show show;
  private final Redrawn drawn;
  private final Set<String> toldOf = new HashSet<>();
  private JsonNode body;
  private String silence = "";
  private boolean stale;
  private int frame = 1;
  private long fetchMillis;
  private long fetchedAt;

  Watching(Desk desk, Server server, JsonNode body, Show show) {
    this.desk = desk;
    this.server = server;
    this.body = body;
    this.run = body.path("id").asString("");
    this.show = show;
    this.drawn = new Redrawn(desk.around().out());
  }

  /** The run as it ended. */
  JsonNode toTheEnd() {
    if (Ending.isTerminal(body) && show == Show.PICTURE) {
      return body;
    }
    desk.around().atInterrupt().say("detached; the run goes on: capstan watch " + run);
    try (LiveEvents events = new LiveEvents(server, run, 0)) {
      follow(events);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      desk.around().atInterrupt().say("");
      drawn.erase();
    }
    return server.get("/runs/" + run);
  }

  private void follow(LiveEvents events) throws InterruptedException {
    boolean pictured = show != Show.JSON && desk.around().screen().terminal();
    boolean ended = false;
    while (!ended) {
      News news = events.next(pictured ? FRAME_MILLIS : QUIET_MILLIS);
      while (news != null && !ended) {
        ended = take(news, pictured);
        news = events.next(0);
      }
      // A picture of a huge run costs more to fetch: look less often then.
      long pause = Math.clamp(4 * fetchMillis, FRAME_MILLIS, LONGEST_PAUSE_MILLIS);
      if (!ended && stale && now() - fetchedAt >= pause) {
        fetch();
      }
      ended |= desk.isUnread();
      if (pictured && !ended) {
        draw();
      } else if (!ended) {
        tellOfWaiting();
      }
    }
  }

  /** True when it was the last. */
  private boolean take(News news, boolean pictured) {
    switch (news) {
      case News.Event event -> {
        silence = "";
        stale = true;
        if (show == Show.JSON) {
          desk.say(event.body().toString());
        } else if (show == Show.LINES && !pictured) {
          desk.say(EventLine.draw(event.body(), desk.look(0)));
          desk.around().out().flush();
        }
      }
      case News.Progress _ -> stale = true;
      case News.Silence quiet -> {
        if (silence.isEmpty() && !pictured) {
          desk.hint(
              "no news ("
                  + quiet.reason()
                  + "); the run goes on when the server is back, and so does this");
        }
        silence = quiet.reason();
      }
      case News.Refused refused -> throw refused.refusal();
      case News.End _ -> {
        return true;
      }
    }
    return false;
  }

  private void fetch() {
    try {
      long before = now();
      body = server.get("/runs/" + run);
      fetchedAt = now();
      fetchMillis = fetchedAt - before;
      stale = false;
    } catch (dev.capstan.cli.api.Unreachable gone) {
      silence = String.valueOf(gone.getMessage());
    }
  }

  private long now() {
    return desk.around().clock().millis();
  }

  private void draw() {
    List<String> lines = new ArrayList<>(RunPicture.draw(body, desk.look(frame++)));
    if (!silence.isEmpty()) {
      lines.add(
          desk.paint()
              .warn(
                  Safe.clip("  no news: " + Safe.line(silence), desk.around().screen().columns())));
    }
    drawn.draw(lines);
  }

  /** In a pipe nobody sees the picture, so say what only a person can release, and by what. */
  private void tellOfWaiting() {
    if (show == Show.JSON) {
      return;
    }
    Set<String> held = held();
    toldOf.retainAll(held);
    if (toldOf.containsAll(held)) {
      return;
    }
    try {
      JsonNode why = server.get("/runs/" + run + "/why");
      if (!why.path("standing").isEmpty()) {
        Reasons.draw(why, desk.look(0)).forEach(desk::hint);
      }
      toldOf.addAll(held);
    } catch (dev.capstan.cli.api.Unreachable gone) {
      silence = String.valueOf(gone.getMessage());
    }
  }

  /** The steps that wait for a person; without a name, the run itself. */
  private Set<String> held() {
    Set<String> held = new HashSet<>();
    if (body.path("status").asString("").matches("blocked|paused")) {
      held.add("");
    }
    for (JsonNode step : body.path("steps").values()) {
      if (step.path("waiting").path("kind").asString("").matches("approval|signal")) {
        held.add(step.path("id").asString(""));
      }
    }
    return held;
  }
}
