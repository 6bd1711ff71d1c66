package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import dev.capstan.kernel.Json;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Which run a verb tells something, and in which manner it says what came of it. */
final class OneRun {
  @Mixin Manner manner = new Manner();

  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "An id, the beginning or end of one, or last.")
  String run = "";

  /** What is said to the server; a field is left out when its option was not given. */
  static final class Told {
    final ObjectNode body = Json.object();

    Told with(String name, String text) {
      if (!text.isEmpty()) {
        body.put(name, text);
      }
      return this;
    }

    Told withJson(String name, String option, String json) {
      if (!json.isEmpty()) {
        body.set(name, Inputs.json(option, json));
      }
      return this;
    }

    Told with(String name, boolean value) {
      body.put(name, value);
      return this;
    }
  }

  /**
   * Posts to {@code /runs/RUN/verb} and says what {@code done} makes of the run's id, or the answer
   * as JSON. Returns the exit code.
   */
  int tell(Desk desk, String verb, Told told, UnaryOperator<String> done) {
    Server server = desk.server(manner);
    String id = RunName.resolve(server, run);
    JsonNode answer = server.post("/runs/" + id + "/" + verb, told.body);
    if (manner.json) {
      desk.json(answer);
    } else {
      desk.say(done.apply(id));
    }
    return 0;
  }
}
