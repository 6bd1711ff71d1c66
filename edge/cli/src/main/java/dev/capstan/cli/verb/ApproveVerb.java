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

/** Answers an approval step. */
@Command(name = "approve", description = "Answer a step that waits for approval.")
public final class ApproveVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "An id, the beginning or end of one, or last.")
  String run = "";

  @Option(names = "--reject", description = "Say no: the step fails with rejected.")
  boolean reject;

  @Option(names = "--step", description = "Which, when several wait.")
  String step = "";

  @Option(
      names = {"-m", "--comment"},
      description = "Kept in the journal and in the output of the step.")
  String comment = "";

  public ApproveVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Server server = desk.server(manner);
    String id = RunName.resolve(server, run);
    ObjectNode body = Json.object();
    body.put("approved", !reject);
    if (!step.isEmpty()) {
      body.put("step", step);
    }
    if (!comment.isEmpty()) {
      body.put("comment", comment);
    }
    JsonNode told = server.post("/runs/" + id + "/approve", body);
    if (manner.json) {
      desk.json(told);
    } else {
      desk.say(id + (reject ? " is told no" : " is approved") + ": capstan watch " + id);
    }
    return 0;
  }
}
