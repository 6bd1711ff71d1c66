package dev.capstan.cli.verb;

import dev.capstan.cli.api.LiveEvents;
import dev.capstan.cli.api.LiveEvents.News;
import dev.capstan.cli.api.Server;
import dev.capstan.cli.picture.EventLine;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Prints a run's journal, a page at a time, so that a long one never has to fit in memory. */
@Command(name = "events", description = "Print a run's events in order.")
public final class EventsVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(paramLabel = "RUN", description = "An id, the beginning or end of one, or last.")
  String run = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Go on until the run ends.")
  boolean follow;

  @Option(names = "--after", paramLabel = "SEQ", description = "Only later events. Default: 0.")
  long after;

  public EventsVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() throws InterruptedException {
    Server server = desk.server(manner);
    String id = RunName.resolve(server, run);
    if (follow) {
      follow(server, id);
    } else {
      page(server, id);
    }
    return 0;
  }

  private void page(Server server, String id) {
    long seen = after;
    while (true) {
      JsonNode page = server.get("/runs/" + id + "/events?limit=500&after=" + seen);
      page.path("items").values().forEach(this::print);
      long next = page.path("next").asLong(0);
      if (page.path("done").asBoolean(true) || next <= seen || page.path("items").isEmpty()) {
        return;
      }
      seen = next;
    }
  }

  private void follow(Server server, String id) throws InterruptedException {
    desk.around().atInterrupt().say("");
    try (LiveEvents events = new LiveEvents(server, id, after)) {
      boolean quiet = false;
      while (!desk.isUnread()) {
        switch (events.next(60_000)) {
          case News.Event event -> {
            print(event.body());
            quiet = false;
          }
          case News.Silence silence -> {
            if (!quiet) {
              desk.hint("no news: " + silence.reason());
            }
            quiet = true;
          }
          case News.Refused refused -> throw refused.refusal();
          case News.End _ -> {
            return;
          }
          case News.Progress _ -> {}
          case null -> {}
        }
      }
    }
  }

  private void print(JsonNode event) {
    desk.say(manner.json ? event.toString() : EventLine.draw(event, desk.look(0)));
  }
}
