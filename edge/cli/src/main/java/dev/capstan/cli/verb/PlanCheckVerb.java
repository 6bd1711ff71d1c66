package dev.capstan.cli.verb;

import dev.capstan.cli.api.Unreachable;
import dev.capstan.kernel.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says every mistake in a plan, with the server's tools when it is up and without any when it is
 * not.
 */
@Command(
    name = "check",
    description =
        "Check a plan or a crew and say every mistake with its place. Exit code 2 when there is one.")
public final class PlanCheckVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(
      paramLabel = "FILE",
      description = "A plan, a crew or an agent in YAML or JSON, or - for the standard input.")
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
      if (PlanFile.isCrew(text)) {
        throw down;
      }
      desk.hint(
          desk.paint()
              .quiet("the server is not up: everything is checked but what the tools take"));
      report = PlanReport.of(PlanReport.read(text));
    }
    if (manner.json) {
      desk.json(report);
      return PlanReport.exitCode(report);
    }
    return PlanReport.print(report, file, desk);
  }
}
