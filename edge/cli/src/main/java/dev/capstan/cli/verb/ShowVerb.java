package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import dev.capstan.cli.picture.Ending;
import dev.capstan.cli.picture.Look;
import dev.capstan.cli.picture.RunPicture;
import dev.capstan.cli.picture.Values;
import dev.capstan.cli.terminal.Safe;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Shows a run, as it is or as it was. */
@Command(
    name = "show",
    description = "Show a run and its steps, as it is now or as it was.",
    footer = {
      "",
      "Examples:",
      "  capstan show last",
      "  capstan show RUN --at step:deploy",
      "  capstan show RUN --at 12",
      "  capstan show RUN --at 2026-11-21T12:00:00Z"
    })
public final class ShowVerb implements Callable<Integer> {
  private static final int MOST_STEPS = 300;

  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(paramLabel = "RUN", description = "An id, the beginning or end of one, or last.")
  String run = "";

  @Option(
      names = "--at",
      paramLabel = "SEQ|TIME|step:ID",
      description = "As it was after this event, at this instant, or when this step had ended.")
  String at = "";

  public ShowVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Server server = desk.server(manner);
    String id = RunName.resolve(server, run);
    JsonNode body = server.get("/runs/" + id + (at.isEmpty() ? "" : "?at=" + Server.part(at)));
    if (manner.json) {
      desk.json(body);
      return 0;
    }
    Look now = desk.look(0);
    Look look = new Look(now.paint(), now.columns(), MOST_STEPS, now.now(), now.zone(), 0);
    if (!at.isEmpty()) {
      desk.say(look.paint().quiet("as it was after event " + body.path("at_seq").asInt(0)));
    }
    desk.say(RunPicture.draw(body, look));
    about(body, look);
    for (Map.Entry<String, JsonNode> input : body.path("inputs").properties()) {
      desk.say(Values.named("input " + input.getKey(), input.getValue(), look));
    }
    desk.say(Ending.draw(body, look));
    origin(body, "part of", body.path("parent"), look);
    origin(body, "forked from", body.path("forked_from"), look);
    return 0;
  }

  /** Who made the plan, unless a person did, and what it may cost. */
  private void about(JsonNode body, Look look) {
    String planner = body.path("planner").asString("");
    if (!planner.isEmpty() && !planner.equals("given")) {
      desk.say("  " + look.paint().quiet("planned by") + "  " + Safe.line(planner));
    }
    String most = body.path("max_cost").asString("");
    if (!most.isEmpty()) {
      desk.say("  " + look.paint().quiet("may cost at most") + "  " + Safe.line(most) + " dollars");
    }
  }

  private void origin(JsonNode body, String label, JsonNode origin, Look look) {
    if (body.isObject() && !origin.isMissingNode() && !origin.isNull()) {
      JsonNode shown = origin.isObject() ? origin.path("run") : origin;
      desk.say("  " + look.paint().quiet(label) + "  " + Values.brief(shown, 60));
    }
  }
}
