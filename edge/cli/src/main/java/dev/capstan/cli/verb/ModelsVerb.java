package dev.capstan.cli.verb;

import dev.capstan.cli.terminal.Table;
import dev.capstan.cli.terminal.Table.Cell;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** Lists the models that may be asked for. */
@Command(
    name = "models",
    description = "List the models that may be asked for, and who answers for them.")
public final class ModelsVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  public ModelsVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    JsonNode models = desk.server(manner).get("/v1/models");
    if (manner.json) {
      desk.json(models);
      return 0;
    }
    Table table = new Table(desk.around().screen().columns());
    for (JsonNode model : models.path("data").values()) {
      table.row(
          new Cell(model.path("id").asString(""), desk.paint()::strong),
          Cell.of(
              model.path("targets").values().stream()
                  .map(target ->
                      target.path("provider").asString("")
                          + " "
                          + target.path("model").asString(""))
                  .collect(Collectors.joining(", then "))));
    }
    desk.say(table.lines());
    for (JsonNode model : models.path("data").values()) {
      for (JsonNode mistake : model.path("mistakes").values()) {
        desk.hint(model.path("id").asString("") + " has a mistake: " + mistake.asString(""));
      }
    }
    return 0;
  }
}
