package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import dev.capstan.cli.picture.Ending;
import dev.capstan.cli.picture.RunPicture;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Watches a run until it ends. */
@Command(name = "watch", description = "Watch a run until it ends. Ctrl-C leaves it running.")
public final class WatchVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      description = "An id, the beginning or end of one, or last (the default).")
  String run = "last";

  public WatchVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Server server = desk.server(manner);
    JsonNode body = server.get("/runs/" + RunName.resolve(server, run));
    Watching.Show show = manner.json ? Watching.Show.JSON : Watching.Show.LINES;
    JsonNode ended = new Watching(desk, server, body, show).toTheEnd();
    if (!manner.json) {
      var look = desk.look(0);
      desk.say(
          desk.around().screen().terminal()
              ? RunPicture.draw(ended, look)
              : java.util.List.of(RunPicture.headline(ended, look)));
      desk.say(Ending.draw(ended, look));
    }
    return Ending.exitCode(ended);
  }
}
