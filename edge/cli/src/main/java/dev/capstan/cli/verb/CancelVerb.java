package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import dev.capstan.kernel.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Cancels a run. */
@Command(
    name = "cancel",
    description = "Stop what is under way, undo what can be undone, end as cancelled.")
public final class CancelVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "An id, the beginning or end of one, or last.")
  String run = "";

  @Option(
      names = {"-m", "--reason"},
      description = "Why; kept in the journal.")
  String reason = "";

  public CancelVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Server server = desk.server(manner);
    String id = RunName.resolve(server, run);
    ObjectNode body = Json.object();
    if (!reason.isEmpty()) {
      body.put("reason", reason);
    }
    JsonNode told = server.post("/runs/" + id + "/cancel", body);
    if (manner.json) {
      desk.json(told);
    } else {
      desk.say(id + " is being cancelled: capstan watch " + id);
    }
    return 0;
  }
}
