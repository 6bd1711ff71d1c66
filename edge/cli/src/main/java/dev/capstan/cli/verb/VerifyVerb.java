package dev.capstan.cli.verb;

import dev.capstan.cli.picture.Values;
import dev.capstan.kernel.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** Checks that the journal and the views agree. */
@Command(
    name = "verify",
    description =
        "Check that every run's journal is whole and that the views agree with it. Exit code 1 when not.")
public final class VerifyVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  public VerifyVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    JsonNode report = desk.server(manner).post("/verify", Json.object());
    boolean good = report.path("ok").asBoolean(false);
    if (manner.json) {
      desk.json(report);
      return good ? 0 : 1;
    }
    String sum =
        report.path("runs").asLong(0) + " runs, " + report.path("events").asLong(0) + " events";
    desk.say(
        (good
                ? desk.paint().good("✓ nothing is missing: ")
                : desk.paint().bad("✗ something is wrong: "))
            + sum);
    for (JsonNode finding : report.path("findings").values()) {
      desk.say("  " + Values.brief(finding, desk.around().screen().columns() - 2));
    }
    return good ? 0 : 1;
  }
}
