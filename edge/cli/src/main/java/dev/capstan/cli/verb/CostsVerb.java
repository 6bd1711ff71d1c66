package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import dev.capstan.cli.terminal.Table;
import dev.capstan.cli.terminal.Table.Cell;
import java.math.BigDecimal;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Sums up what models cost. */
@Command(name = "costs", description = "Sum up what models cost, the dearest first.")
public final class CostsVerb implements Callable<Integer> {
  /** Budgets named in a line. */
  private static final int SHOWN = 3;

  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Option(
      names = {"-b", "--by"},
      description = "run, step, agent, key, model, provider or tenant. Default: model.")
  String by = "model";

  @Option(
      names = {"-r", "--run"},
      paramLabel = "RUN",
      description = "Only what this run did cost.")
  String run = "";

  @Option(
      names = "--since",
      paramLabel = "INSTANT",
      description = "Only what was spent since then, such as 2026-01-31T12:00:00Z.")
  String since = "";

  @Option(
      names = {"-n", "--limit"},
      description = "How many sums, 1 to 1000. Default: 50.")
  int limit = 50;

  public CostsVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Server server = desk.server(manner);
    StringBuilder query = new StringBuilder("/costs?limit=").append(limit);
    query.append("&by=").append(Server.part(by));
    if (!run.isEmpty()) {
      query.append("&run=").append(RunName.resolve(server, run));
    }
    if (!since.isEmpty()) {
      query.append("&since=").append(Server.part(since));
    }
    JsonNode costs = server.get(query.toString());
    if (manner.json) {
      desk.json(costs);
    } else if (costs.path("items").isEmpty() && !isLost(costs)) {
      desk.hint("nothing was spent");
    } else {
      desk.say(table(costs).lines());
      if (isLost(costs)) {
        explain(costs.path("lost"));
      }
    }
    return 0;
  }

  private Table table(JsonNode costs) {
    Table table = new Table(desk.around().screen().columns());
    for (JsonNode sum : costs.path("items").values()) {
      table.row(
          new Cell(
              sum.path("who").values().stream()
                  .map(part -> part.asString(""))
                  .collect(Collectors.joining(" ")),
              desk.paint()::strong),
          Cell.of("$" + sum.path("cost").asString("")),
          new Cell(sum.path("calls").asString("") + " calls", desk.paint()::quiet),
          new Cell(
              sum.path("input_tokens").asString("")
                  + " in, "
                  + sum.path("output_tokens").asString("")
                  + " out",
              desk.paint()::quiet));
    }
    long more = costs.path("count").asLong(0) - costs.path("items").size();
    if (more > 0) {
      table.row(
          new Cell(more + " more", desk.paint()::quiet),
          Cell.of("$" + rest(costs).stripTrailingZeros().toPlainString()));
    }
    table.row(
        new Cell("together", desk.paint()::quiet),
        new Cell("$" + costs.path("cost").asString(""), desk.paint()::strong));
    if (isLost(costs)) {
      table.row(
          Cell.of("lost"),
          new Cell("$" + costs.path("lost").path("amount").asString(""), desk.paint()::strong));
    }
    return table;
  }

  /** What those cost that are not shown. */
  private static BigDecimal rest(JsonNode costs) {
    BigDecimal rest = new BigDecimal(costs.path("cost").asString("0"));
    for (JsonNode sum : costs.path("items").values()) {
      rest = rest.subtract(new BigDecimal(sum.path("cost").asString("0")));
    }
    return rest;
  }

  private static boolean isLost(JsonNode costs) {
    return !costs.path("lost").path("budgets").isEmpty();
  }

  /** What the word means, and which budgets it is about. */
  private void explain(JsonNode lost) {
    desk.hint(
        "lost: held by a process when it died. Nobody knows how much of it was spent, so it counts"
            + " as spent in the budget of "
            + lost.path("budgets").values().stream()
                .limit(SHOWN)
                .map(CostsVerb::named)
                .collect(Collectors.joining(", "))
            + (lost.path("budgets").size() > SHOWN ? " and others (--json)" : ""));
  }

  private static String named(JsonNode budget) {
    String period = budget.path("period").asString("");
    return budget.path("scope").asString("")
        + " "
        + budget.path("name").asString("")
        + (period.isEmpty() ? "" : " (" + period + ")");
  }
}
