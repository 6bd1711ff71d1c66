package dev.capstan.cli.picture;

import dev.capstan.cli.terminal.Table;
import dev.capstan.cli.terminal.Table.Cell;
import dev.capstan.cli.terminal.Times;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Runs, one a line. */
public final class RunList {
  private RunList() {}

  public static List<String> draw(JsonNode runs, Look look) {
    Table table = new Table(look.columns());
    for (JsonNode run : runs.values()) {
      String status = run.path("status").asString("");
      String created =
          Times.parse(run.path("created_at").asString(""))
              .map(at -> Times.clock(at, look.now(), look.zone()))
              .orElse("");
      table.row(
          new Cell(
              Mark.sign(status, 0) + " " + status.replace('_', ' '),
              text -> Mark.dye(look.paint(), status, text)),
          Cell.of(run.path("id").asString("")),
          new Cell(created, look.paint()::quiet),
          new Cell(RunPicture.taken(run, look.now()), look.paint()::quiet),
          Cell.of(RunPicture.title(run)));
    }
    return table.lines();
  }
}
