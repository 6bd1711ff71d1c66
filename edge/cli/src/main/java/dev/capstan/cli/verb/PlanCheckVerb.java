package dev.capstan.cli.verb;

import dev.capstan.cli.api.Unreachable;
import dev.capstan.cli.terminal.Safe;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.plan.PlanReader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says every mistake in a plan, with the server's tools when it is up and without any when it is
 * not.
 */
@Command(
    name = "check",
    description =
        "Check a plan and say every mistake with its place. Exit code 2 when there is one.")
public final class PlanCheckVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(
      paramLabel = "FILE",
      description = "A plan in YAML or JSON, or - for the standard input.")
  String file = "";

  public PlanCheckVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    String text = PlanFile.read(file, desk.around().in());
    JsonNode report;
    try {
      ObjectNode body = Json.object();
      body.put("plan", text);
      report = desk.server(manner).post("/plans/check", body);
    } catch (Unreachable down) {
      desk.hint(
          desk.paint()
              .quiet("the server is not up: everything is checked but what the tools take"));
      report = checkedHere(text);
    }
    boolean valid = report.path("valid").asBoolean(false);
    if (manner.json) {
      desk.json(report);
    } else if (valid) {
      String name = Safe.line(report.path("name").asString(file));
      desk.say(
          desk.paint().good("✓ ")
              + name
              + ": "
              + report.path("steps").asInt(0)
              + " steps, no mistakes");
    } else {
      report.path("mistakes").values().forEach(this::say);
      int count = report.path("mistakes").size();
      desk.hint(desk.paint().bad(count == 1 ? "1 mistake" : count + " mistakes"));
    }
    return valid ? 0 : 2;
  }

  private void say(JsonNode mistake) {
    String place =
        Safe.line(file)
            + ":"
            + mistake.path("line").asInt(0)
            + ":"
            + mistake.path("column").asInt(0);
    String path = Safe.line(mistake.path("path").asString(""));
    desk.say(
        desk.paint().quiet(place)
            + " "
            + (path.isEmpty() ? "" : path + ": ")
            + Safe.block(mistake.path("message").asString("")));
    String suggestion = mistake.path("suggestion").asString("");
    if (!suggestion.isEmpty()) {
      desk.say("    " + desk.paint().live(Safe.line(suggestion)));
    }
  }

  private static JsonNode checkedHere(String text) {
    ObjectNode report = Json.object();
    ArrayNode mistakes = Json.mapper().createArrayNode();
    switch (new PlanReader(AnyTool.CATALOG).read(text)) {
      case PlanReader.Read.Valid valid -> {
        report.put("valid", true);
        report.put("name", valid.plan().header().name());
        report.put("steps", valid.plan().steps().size());
      }
      case PlanReader.Read.Invalid invalid -> {
        report.put("valid", false);
        for (Mistake mistake : invalid.mistakes()) {
          mistakes.add(Json.valueOf(mistake));
        }
      }
    }
    report.set("mistakes", mistakes);
    return report;
  }
}
