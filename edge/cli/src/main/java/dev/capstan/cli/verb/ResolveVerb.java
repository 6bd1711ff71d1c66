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

/** Decides what to make of a step whose outcome is unknown. */
@Command(
    name = "resolve",
    description =
        "Decide what to make of a step that was cut short, so that nobody knows whether it took effect.")
public final class ResolveVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "An id, the beginning or end of one, or last.")
  String run = "";

  @Parameters(index = "1", paramLabel = "STEP", description = "The step.")
  String step = "";

  @Parameters(
      index = "2",
      paramLabel = "retry|complete|skip|fail",
      description = "Attempt it again, take it as done, leave it out, or count it as failed.")
  String resolution = "";

  @Option(names = "--output", description = "JSON: what the step returned, for complete.")
  String output = "";

  public ResolveVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Server server = desk.server(manner);
    String id = RunName.resolve(server, run);
    ObjectNode body = Json.object();
    body.put("step", step);
    body.put("resolution", resolution);
    if (!output.isEmpty()) {
      body.set("output", Inputs.json("--output", output));
    }
    JsonNode told = server.post("/runs/" + id + "/resolve", body);
    if (manner.json) {
      desk.json(told);
    } else {
      desk.say(id + " goes on: capstan watch " + id);
    }
    return 0;
  }
}
