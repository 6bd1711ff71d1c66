package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import dev.capstan.cli.terminal.Table;
import dev.capstan.cli.terminal.Table.Cell;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Lists the groups that remember anything, or what one of them remembers. */
@Command(
    name = "list",
    description = "List the groups whose agents remember anything, or what one remembers.")
public final class MemoryListVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(paramLabel = "GROUP", arity = "0..1", description = "What this one remembers.")
  String group = "";

  @Option(
      names = {"-n", "--limit"},
      description = "How many, the newest first, 1 to 1000. Default: 50.")
  int limit = 50;

  @Option(names = "--skip", description = "How many of the newest to leave out.")
  int skip;

  public MemoryListVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Server server = desk.server(manner);
    JsonNode answer =
        group.isEmpty()
            ? server.get("/memory")
            : server.get("/memory/" + Server.part(group) + "?limit=" + limit + "&skip=" + skip);
    if (manner.json) {
      desk.json(answer);
    } else if (answer.path("items").isEmpty()) {
      desk.hint("nothing is remembered");
    } else if (group.isEmpty()) {
      groups(answer);
    } else {
      Memories.say(desk, answer);
    }
    return 0;
  }

  private void groups(JsonNode answer) {
    Table table = new Table(desk.around().screen().columns());
    for (JsonNode held : answer.path("items").values()) {
      table.row(
          new Cell(held.path("group").asString(""), desk.paint()::strong),
          new Cell(held.path("memories").asString("") + " memories", desk.paint()::quiet));
    }
    desk.say(table.lines());
  }
}
