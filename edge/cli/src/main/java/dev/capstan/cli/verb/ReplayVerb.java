package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import dev.capstan.cli.picture.Values;
import dev.capstan.kernel.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Decides a run's journal again and compares. */
@Command(
    name = "replay",
    description =
        "Decide a run again from its journal and compare every decision. Exit code 1 when one differs.")
public final class ReplayVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(paramLabel = "RUN", description = "An id, the beginning or end of one, or last.")
  String run = "";

  public ReplayVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Server server = desk.server(manner);
    JsonNode report =
        server.post("/runs/" + RunName.resolve(server, run) + "/replay", Json.object());
    boolean agrees = report.path("agrees").asBoolean(false);
    if (manner.json) {
      desk.json(report);
      return agrees ? 0 : 1;
    }
    String sum =
        report.path("events").asLong(0)
            + " events, "
            + report.path("decisions").asLong(0)
            + " decisions";
    if (agrees) {
      desk.say(desk.paint().good("✓") + " the replay agrees: " + sum);
      return 0;
    }
    desk.say(desk.paint().bad("✗") + " the replay differs: " + sum);
    for (JsonNode one : report.path("differences").values()) {
      desk.say("  event " + one.path("seq").asLong(0));
      desk.say(Values.named("recorded", one.path("recorded"), desk.look(0)));
      desk.say(Values.named("decided", one.path("decided"), desk.look(0)));
    }
    return 1;
  }
}
