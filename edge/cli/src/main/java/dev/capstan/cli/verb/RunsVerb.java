package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import dev.capstan.cli.picture.RunList;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Lists runs, the newest first. */
@Command(name = "runs", description = "List runs, the newest first.")
public final class RunsVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Option(
      names = {"-s", "--status"},
      paramLabel = "STATUS,…",
      description =
          "Only these: pending, running, waiting, paused, blocked, completed, failed, cancelled, …")
  String status = "";

  @Option(
      names = {"-t", "--text"},
      description = "Only runs whose name or prompt has this text.")
  String text = "";

  @Option(
      names = {"-n", "--limit"},
      description = "How many, 1 to 200. Default: 20.")
  int limit = 20;

  @Option(
      names = "--after",
      paramLabel = "CURSOR",
      description = "Go on where an earlier list ended.")
  String after = "";

  public RunsVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    StringBuilder query = new StringBuilder("/runs?limit=").append(limit);
    add(query, "status", status);
    add(query, "text", text);
    add(query, "after", after);
    JsonNode runs = desk.server(manner).get(query.toString());
    if (manner.json) {
      desk.json(runs);
      return 0;
    }
    if (runs.path("items").isEmpty()) {
      desk.hint(
          "no runs"
              + (status.isEmpty() && text.isEmpty()
                  ? " yet: capstan run \"what is 2 + 3?\""
                  : " like that"));
      return 0;
    }
    desk.say(RunList.draw(runs.path("items"), desk.look(0)));
    String next = runs.path("next").asString("");
    if (!next.isEmpty()) {
      desk.hint(desk.paint().quiet("more: capstan runs --after " + next));
    }
    return 0;
  }

  private static void add(StringBuilder query, String name, String value) {
    if (!value.isEmpty()) {
      query.append('&').append(name).append('=').append(Server.part(value));
    }
  }
}
