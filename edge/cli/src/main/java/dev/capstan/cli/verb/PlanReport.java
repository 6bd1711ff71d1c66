package dev.capstan.cli.verb;

import dev.capstan.cli.terminal.Safe;
import dev.capstan.kernel.Json;
import dev.capstan.plan.PlanReader;
import dev.capstan.plan.PlanReader.Read;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What is to be said about a plan, whoever checked it. */
final class PlanReport {
  private PlanReport() {}

  /** Reads a plan without knowing any tool. */
  static Read read(String text) {
    return new PlanReader(AnyTool.CATALOG).read(text);
  }

  /** As the server reports it. */
  static JsonNode of(Read read) {
    ObjectNode report = Json.object();
    ArrayNode mistakes = Json.mapper().createArrayNode();
    switch (read) {
      case Read.Valid valid -> {
        report.put("valid", true);
        report.put("name", valid.plan().header().name());
        report.put("steps", valid.plan().steps().size());
      }
      case Read.Invalid invalid -> {
        report.put("valid", false);
        invalid.mistakes().forEach(mistake -> mistakes.add(Json.valueOf(mistake)));
      }
    }
    report.set("mistakes", mistakes);
    return report;
  }

  static int exitCode(JsonNode report) {
    return report.path("valid").asBoolean(false) ? 0 : 2;
  }

  /** As a compiler would say it; the exit code. */
  static int print(JsonNode report, String file, Desk desk) {
    if (exitCode(report) == 0) {
      int steps = report.path("steps").asInt(0);
      desk.say(
          desk.paint().good("✓ ")
              + Safe.line(report.path("name").asString(file))
              + (steps == 1 ? ": 1 step" : ": " + steps + " steps")
              + ", no mistakes");
      return 0;
    }
    report.path("mistakes").values().forEach(mistake -> print(mistake, desk, file));
    int count = report.path("mistakes").size();
    desk.hint(desk.paint().bad(count == 1 ? "1 mistake" : count + " mistakes"));
    return 2;
  }

  private static void print(JsonNode mistake, Desk desk, String file) {
    int line = mistake.path("line").asInt(0);
    String place =
        Safe.line(file) + (line > 0 ? ":" + line + ":" + mistake.path("column").asInt(0) : "");
    String path = Safe.line(mistake.path("path").asString(""));
    String message = Safe.block(mistake.path("message").asString(""));
    desk.say(desk.paint().quiet(place) + " " + (path.isEmpty() ? "" : path + ": ") + message);
    String suggestion = mistake.path("suggestion").asString("");
    if (!suggestion.isEmpty()) {
      desk.say("    " + desk.paint().live(Safe.line(suggestion)));
    }
  }
}
