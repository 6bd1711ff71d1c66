package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import dev.capstan.kernel.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Branches a new run off an old one. */
@Command(
    name = "fork",
    description =
        "Start a new run that takes over what an old one did before a step, and goes on from there.",
    footer = {
      "",
      "--set input.NAME=…           changes what the step itself is given",
      "--set steps.ID.input.NAME=…  changes what a step that comes after it is given",
      "--set inputs.NAME=…          changes the run's inputs, for everything still to come",
      "Values are text with = and JSON with :=. Of an agent's step --from STEP@TURN takes over the"
          + " turns before that one.",
      "",
      "Examples:  capstan fork last --from deploy --set input.target=blue",
      "           capstan fork last --from judge --set input.model=big --set steps.sum.input.task='In a sentence.'"
    })
public final class ForkVerb implements Callable<Integer> {
  private static final String OF_STEP = "input.";
  private static final String OF_RUN = "inputs.";
  private static final Pattern OF_OTHER = Pattern.compile("steps\\.([^.]+)\\.input\\.(.+)");

  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "An id, the beginning or end of one, or last.")
  String run = "";

  @Option(
      names = "--from",
      required = true,
      paramLabel = "STEP[@TURN]",
      description = "The first step to run again.")
  String from = "";

  @Option(
      names = "--set",
      paramLabel = "input.NAME=VALUE",
      description = "Change an input; may be repeated.")
  List<String> changes = new ArrayList<>();

  public ForkVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Server server = desk.server(manner);
    ObjectNode body = Json.object();
    from(body);
    ObjectNode inputs = body.putObject("inputs");
    ObjectNode stepInput = body.putObject("step_input");
    ObjectNode steps = body.putObject("steps");
    for (Map.Entry<String, JsonNode> change : Inputs.read(changes).properties()) {
      String name = change.getKey();
      Matcher other = OF_OTHER.matcher(name);
      if (name.startsWith(OF_RUN)) {
        inputs.set(name.substring(OF_RUN.length()), change.getValue());
      } else if (name.startsWith(OF_STEP)) {
        stepInput.set(name.substring(OF_STEP.length()), change.getValue());
      } else if (other.matches()) {
        steps.withObjectProperty(other.group(1)).set(other.group(2), change.getValue());
      } else {
        throw Desk.wrong(
            "'"
                + name
                + "' is neither input.… (of the step), steps.ID.input.… (of a later one) nor"
                + " inputs.… (of the run)");
      }
    }
    String id = RunName.resolve(server, run);
    JsonNode forked = server.post("/runs/" + id + "/fork", body);
    if (manner.json) {
      desk.json(forked);
    } else {
      String fresh = forked.path("id").asString("");
      desk.say(fresh);
      desk.hint(desk.paint().quiet("capstan watch " + fresh));
    }
    return 0;
  }

  private void from(ObjectNode body) {
    int at = from.indexOf('@');
    body.put("from", at < 0 ? from : from.substring(0, at));
    if (at < 0) {
      return;
    }
    String turn = from.substring(at + 1);
    if (!turn.matches("[1-9][0-9]{0,4}")) {
      throw Desk.wrong("'" + from + "' names no turn; write STEP@2 to take the second turn again");
    }
    body.put("turn", Integer.parseInt(turn));
  }
}
