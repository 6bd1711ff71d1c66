package dev.capstan.cli.verb;

import dev.capstan.cli.terminal.Safe;
import dev.capstan.cli.terminal.Table;
import dev.capstan.cli.terminal.Table.Cell;
import dev.capstan.cli.terminal.Times;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** Says what a run would cost, and runs nothing. */
@Command(
    name = "estimate",
    description = {
      "Say what a plan, a crew or a prompt will cost, and run nothing.",
      "A prompt that only a model understands is planned by it first, which costs something."
    },
    footer = {
      "",
      "Examples:",
      "  capstan estimate crew.yaml topic=moon",
      "  capstan estimate plan.yaml --input 'list:=[1,2,3]' --max-cost 0.50"
    })
public final class EstimateVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();
  @Mixin Wish wish = new Wish();

  public EstimateVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    JsonNode told = desk.server(manner).post("/estimates", wish.body(desk.around().in()));
    if (manner.json) {
      desk.json(told);
    } else {
      show(told);
    }
    return 0;
  }

  private void show(JsonNode told) {
    JsonNode estimate = told.path("estimate");
    Table table = new Table(desk.around().screen().columns());
    table.row(quiet("step"), quiet("least"), quiet("likely"), quiet("most"), quiet("by"));
    for (JsonNode step : estimate.path("steps").values()) {
      table.row(
          new Cell(step.path("step").asString(""), desk.paint()::strong),
          dollars(step.path("least")),
          dollars(step.path("likely")),
          dollars(step.path("most")),
          quiet(step.path("basis").asString("") + ", " + step.path("model").asString("")));
    }
    String name = estimate.path("plan").asString("");
    table.row(
        new Cell(
            estimate.path("steps").isEmpty() ? name + " asks no model" : "together",
            desk.paint()::strong),
        dollars(estimate.path("least")),
        dollars(estimate.path("likely")),
        dollars(estimate.path("most")),
        quiet("budget $" + estimate.path("budget").asString("") + time(estimate)));
    desk.say(table.lines());
    for (JsonNode step : estimate.path("steps").values()) {
      step.path("unknown").values().forEach(words -> note(step.path("step").asString(""), words));
    }
    estimate.path("unknown").values().forEach(words -> note("", words));
    String planner = told.path("planner").asString("");
    if (planner.equals("model")) {
      desk.hint(desk.paint().quiet("a model was asked for the plan: capstan costs --by agent"));
    }
  }

  private void note(String step, JsonNode words) {
    String text = (step.isEmpty() ? "" : step + " ") + words.asString("");
    desk.say("  " + desk.paint().warn("?") + " " + Safe.line(text));
  }

  private static String time(JsonNode estimate) {
    long millis = estimate.path("likely_ms").asLong(-1);
    return millis < 0 ? "" : ", likely " + Times.length(Duration.ofMillis(millis));
  }

  private Cell quiet(String text) {
    return new Cell(text, desk.paint()::quiet);
  }

  private static Cell dollars(JsonNode amount) {
    String text = amount.asString("");
    return Cell.of(text.isEmpty() ? "its budget" : "$" + text);
  }
}
