package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import dev.capstan.cli.picture.Reasons;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Says what a run waits for. */
@Command(
    name = "why",
    description = "Say what a run waits for, since when, and what would release it.")
public final class WhyVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      description = "An id, the beginning or end of one, or last (the default).")
  String run = "last";

  public WhyVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Server server = desk.server(manner);
    JsonNode why = server.get("/runs/" + RunName.resolve(server, run) + "/why");
    if (manner.json) {
      desk.json(why);
    } else {
      desk.say(Reasons.draw(why, desk.look(0)));
    }
    return 0;
  }
}
