package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import dev.capstan.cli.picture.Values;
import dev.capstan.cli.terminal.Table;
import dev.capstan.cli.terminal.Table.Cell;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Lists what steps may call. */
@Command(
    name = "tools",
    description = "List the tools that steps may call, or show one with its schemas.")
public final class ToolsVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(paramLabel = "NAME", arity = "0..1", description = "Show this one.")
  String name = "";

  public ToolsVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Server server = desk.server(manner);
    JsonNode answer = server.get(name.isEmpty() ? "/tools" : "/tools/" + Server.part(name));
    if (manner.json) {
      desk.json(answer);
    } else if (name.isEmpty()) {
      list(answer.path("items"));
    } else {
      show(answer);
    }
    return 0;
  }

  private void list(JsonNode tools) {
    Table table = new Table(desk.around().screen().columns());
    for (JsonNode tool : tools.values()) {
      String breaker = tool.path("breaker").path("state").asString("closed");
      boolean closed = breaker.equals("closed");
      table.row(
          new Cell(tool.path("name").asString(""), desk.paint()::strong),
          new Cell(tool.path("effect").asString(""), desk.paint()::quiet),
          new Cell(closed ? "" : "circuit " + breaker, desk.paint()::bad),
          Cell.of(tool.path("description").asString("")));
    }
    desk.say(table.lines());
  }

  private void show(JsonNode tool) {
    desk.say(
        desk.paint().strong(Values.brief(tool.path("name"), 100))
            + "  "
            + desk.paint().quiet(tool.path("effect").asString("")));
    desk.say(Values.named("description", tool.path("description"), desk.look(0)));
    desk.say(Values.named("input", tool.path("input"), desk.look(0)));
    desk.say(Values.named("output", tool.path("output"), desk.look(0)));
    desk.say(Values.named("breaker", tool.path("breaker"), desk.look(0)));
  }
}
