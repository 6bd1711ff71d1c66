package dev.capstan.cli.verb;

import dev.capstan.cli.terminal.Table;
import dev.capstan.cli.terminal.Table.Cell;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Memories as lines. */
final class Memories {
  private Memories() {}

  static void say(Desk desk, JsonNode memories) {
    Table table = new Table(desk.around().screen().columns());
    for (JsonNode memory : memories.path("items").values()) {
      JsonNode relevance = memory.path("relevance");
      table.row(
          new Cell(memory.path("id").asString(""), desk.paint()::quiet),
          new Cell(day(memory.path("at").asString("")), desk.paint()::quiet),
          relevance.isMissingNode()
              ? new Cell(
                  "importance " + memory.path("importance").asString(""), desk.paint()::quiet)
              : new Cell(
                  String.format(Locale.ROOT, "%.2f", relevance.asDouble()), desk.paint()::strong),
          Cell.of(memory.path("text").asString("").replace('\n', ' ')));
    }
    desk.say(table.lines());
  }

  private static String day(String instant) {
    return instant.length() < 10 ? instant : instant.substring(0, 10);
  }
}
