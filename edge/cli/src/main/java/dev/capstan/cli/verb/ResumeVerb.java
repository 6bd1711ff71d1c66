package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import dev.capstan.kernel.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Lets a paused run go on. */
@Command(name = "resume", description = "Let a paused run go on.")
public final class ResumeVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "An id, the beginning or end of one, or last.")
  String run = "";

  public ResumeVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Server server = desk.server(manner);
    String id = RunName.resolve(server, run);
    ObjectNode body = Json.object();

    JsonNode told = server.post("/runs/" + id + "/resume", body);
    if (manner.json) {
      desk.json(told);
    } else {
      desk.say(id + " goes on: capstan watch " + id);
    }
    return 0;
  }
}
