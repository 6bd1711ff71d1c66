package dev.capstan.cli.verb;

import dev.capstan.cli.terminal.Safe;
import dev.capstan.kernel.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Draws a plan. */
@Command(name = "draw", description = "Draw a plan as text or as a Mermaid diagram.")
public final class PlanDrawVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(
      paramLabel = "FILE",
      description = "A plan in YAML or JSON, or - for the standard input.")
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
    ObjectNode body = Json.object();
    body.put("plan", PlanFile.read(file, desk.around().in()));
    body.put("format", format);
    JsonNode answer = desk.server(manner).post("/plans/draw", body);
    if (manner.json) {
      desk.json(answer);
    } else {
      desk.say(Safe.block(answer.path("drawing").asString("")).stripTrailing());
    }
    return 0;
  }
}
