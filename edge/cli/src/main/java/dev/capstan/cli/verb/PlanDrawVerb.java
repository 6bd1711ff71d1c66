package dev.capstan.cli.verb;

import dev.capstan.cli.terminal.Safe;
import dev.capstan.kernel.Json;
import dev.capstan.plan.PlanDrawing;
import dev.capstan.plan.PlanReader.Read;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
    String text = PlanFile.read(file, desk.around().in());
    return switch (PlanReport.read(text)) {
      case Read.Valid valid -> {
        String drawing =
            format.equals("text")
                ? PlanDrawing.text(valid.plan())
                : PlanDrawing.mermaid(valid.plan());
        if (manner.json) {
          desk.json(Json.object().put("drawing", drawing));
        } else {
          desk.say(Safe.block(drawing).stripTrailing());
        }
        yield 0;
      }
      case Read.Invalid invalid -> PlanReport.print(PlanReport.of(invalid), file, desk);
    };
  }
}
