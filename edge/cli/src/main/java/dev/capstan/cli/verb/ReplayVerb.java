package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import dev.capstan.cli.picture.Values;
import dev.capstan.cli.terminal.Safe;
import dev.capstan.kernel.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Decides a run's journal again, and runs it again from its recording. */
@Command(
    name = "replay",
    description = {
      "Decide a run again from its journal and compare every decision; and, when it has ended, run"
          + " it again from the recorded answers of its models and tools, and compare its result."
          + " Nobody is asked and nothing is done.",
      "Exit code 1 when something differs."
    })
public final class ReplayVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(paramLabel = "RUN", description = "An id, the beginning or end of one, or last.")
  String run = "";

  @Option(names = "--decisions", description = "Only the decisions.")
  boolean decisions;

  public ReplayVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Server server = desk.server(manner);
    JsonNode report =
        server.post(
            "/runs/" + RunName.resolve(server, run) + "/replay",
            Json.object().put("recorded", !decisions));
    JsonNode again = report.path("recorded");
    boolean possible = again.isObject() && !again.has("impossible");
    boolean agrees = report.path("agrees").asBoolean(false);
    boolean same = !possible || again.path("same").asBoolean(false);
    if (manner.json) {
      desk.json(report);
    } else {
      sayDecisions(report, agrees);
      if (possible) {
        sayAgain(again, same);
      } else if (again.isObject()) {
        desk.say("  " + desk.paint().quiet(Safe.line(again.path("impossible").asString(""))));
      }
    }
    return agrees && same ? 0 : 1;
  }

  private void sayDecisions(JsonNode report, boolean agrees) {
    String sum =
        report.path("events").asLong(0)
            + " events, "
            + report.path("decisions").asLong(0)
            + " decisions";
    if (agrees) {
      desk.say(desk.paint().good("✓") + " the replay agrees: " + sum);
      return;
    }
    desk.say(desk.paint().bad("✗") + " the replay differs: " + sum);
    for (JsonNode one : report.path("differences").values()) {
      desk.say("  event " + one.path("seq").asLong(0));
      desk.say(Values.named("recorded", one.path("recorded"), desk.look(0)));
      desk.say(Values.named("decided", one.path("decided"), desk.look(0)));
    }
  }

  private void sayAgain(JsonNode again, boolean same) {
    String sum =
        again.path("answers").asLong(0)
            + " answers of models, "
            + again.path("results").asLong(0)
            + " results of tools, nobody asked";
    if (same) {
      desk.say(desk.paint().good("✓") + " run again from its recording it ends the same: " + sum);
      return;
    }
    desk.say(desk.paint().bad("✗") + " run again from its recording it ends otherwise: " + sum);
    if (again.has("stuck")) {
      desk.say("  " + Safe.line(again.path("stuck").asString("")));
    }
    for (JsonNode miss : again.path("misses").values()) {
      desk.say("  " + Safe.line(miss.path("what").asString("")));
      miss.path("difference")
          .values()
          .forEach(line -> desk.say("    " + Safe.line(line.asString(""))));
    }
    for (JsonNode one : again.path("differences").values()) {
      desk.say("  " + Safe.line(one.path("what").asString("")));
      desk.say(Values.named("recorded", one.path("recorded"), desk.look(0)));
      desk.say(Values.named("now", one.path("now"), desk.look(0)));
    }
  }
}
