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

/** Sends a run a signal. */
@Command(
    name = "signal",
    description = "Send a run the signal that one of its steps waits for, now or later.")
public final class SignalVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "An id, the beginning or end of one, or last.")
  String run = "";

  @Parameters(index = "1", paramLabel = "NAME", description = "The signal's name.")
  String name = "";

  @Option(
      names = {"-p", "--payload"},
      description = "JSON; the output of the step that takes it.")
  String payload = "";

  public SignalVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Server server = desk.server(manner);
    String id = RunName.resolve(server, run);
    ObjectNode body = Json.object();
    body.put("name", name);
    if (!payload.isEmpty()) {
      body.set("payload", Inputs.json("--payload", payload));
    }
    JsonNode told = server.post("/runs/" + id + "/signal", body);
    if (manner.json) {
      desk.json(told);
    } else {
      desk.say(id + " has the signal " + name + ": capstan watch " + id);
    }
    return 0;
  }
}
