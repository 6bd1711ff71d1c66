package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import dev.capstan.cli.terminal.Safe;
import dev.capstan.kernel.Json;
import dev.capstan.plan.PlanDrawing;
import dev.capstan.plan.PlanReader.Read;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Draws a plan, or that of a crew. */
@Command(name = "draw", description = "Draw a plan or a crew as text or as a Mermaid diagram.")
public final class PlanDrawVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(
      paramLabel = "FILE",
      description = "A plan, a crew or an agent in YAML or JSON, or - for the standard input.")
  String file = "";

  @Option(
      names = {"-f", "--format"},
      paramLabel = "text|mermaid",
      description = "Default: text.")
  String format = "text";

  public PlanDrawVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    if (!format.equals("text") && !format.equals("mermaid")) {
      throw Desk.wrong("--format is text or mermaid, not '" + format + "'");
    }
    String text = PlanFile.read(file, desk.around().in());
    if (PlanFile.isCrew(text)) {
      return crew(text);
    }
    return switch (PlanReport.read(text)) {
      case Read.Valid valid ->
          show(
              format.equals("text")
                  ? PlanDrawing.text(valid.plan())
                  : PlanDrawing.mermaid(valid.plan()));
      case Read.Invalid invalid -> PlanReport.print(PlanReport.of(invalid), file, desk);
    };
  }

  /** Only the server knows what a crew becomes. */
  private int crew(String text) {
    Server server = desk.server(manner);
    JsonNode report = server.post("/plans/check", Json.object().put("crew", text));
    if (PlanReport.exitCode(report) != 0) {
      return PlanReport.print(report, file, desk);
    }
    ObjectNode body = Json.object().put("crew", text).put("format", format);
    return show(server.post("/plans/draw", body).path("drawing").asString(""));
  }

  private int show(String drawing) {
    if (manner.json) {
      desk.json(Json.object().put("drawing", drawing));
    } else {
      desk.say(Safe.block(drawing).stripTrailing());
    }
    return 0;
  }
}
