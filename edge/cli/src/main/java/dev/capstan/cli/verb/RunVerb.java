package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import dev.capstan.cli.picture.Ending;
import dev.capstan.cli.picture.Look;
import dev.capstan.cli.picture.RunPicture;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Starts a run and, unless told otherwise, stays with it until it ends. */
@Command(
    name = "run",
    description = "Run a prompt, a plan or a crew; wait for its end and show what came of it.",
    footer = {
      "",
      "Examples:",
      "  capstan run \"what is (17+25)*3?\"",
      "  capstan run examples/release.yaml version=1.4 --watch",
      "  capstan run examples/crew.yaml --input topic=capstans",
      "  capstan run plan.yaml --input 'list:=[1,2,3]' --detach"
    })
public final class RunVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();
  @Mixin Wish wish = new Wish();

  @Option(
      names = {"-w", "--watch"},
      description = "Show every step live (in a pipe: a line per event).")
  boolean watch;

  @Option(
      names = {"-d", "--detach"},
      description = "Print the run's id and go.")
  boolean detach;

  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description = "The same key again gives the same run.")
  String key = "";

  @Option(names = "--priority", description = "-100 to 100, higher first. Default: 0.")
  int priority;

  public RunVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Server server = desk.server(manner);
    Map<String, String> headers = new HashMap<>();
    if (!key.isEmpty()) {
      headers.put("Idempotency-Key", key);
    }
    JsonNode run = server.post("/runs", body(), headers);
    if (detach) {
      return detached(run);
    }
    Watching.Show show =
        !watch ? Watching.Show.PICTURE : manner.json ? Watching.Show.JSON : Watching.Show.LINES;
    boolean quiet = manner.json && !watch && desk.around().screen().terminal();
    JsonNode ended = new Watching(quiet ? piped() : desk, server, run, show).toTheEnd();
    if (manner.json) {
      desk.json(ended);
    } else {
      report(ended);
    }
    return Ending.exitCode(ended);
  }

  private Desk piped() {
    var around = desk.around();
    return new Desk(
        new dev.capstan.cli.Surroundings(
            around.environment(),
            around.in(),
            around.out(),
            around.err(),
            dev.capstan.cli.terminal.Screen.PIPE,
            around.clock(),
            around.zone(),
            around.atInterrupt()));
  }

  private int detached(JsonNode run) {
    if (manner.json) {
      desk.json(run);
    } else {
      String id = run.path("id").asString("");
      desk.say(id);
      desk.hint(desk.paint().quiet("capstan watch " + id));
    }
    return 0;
  }

  private void report(JsonNode run) {
    Look look = desk.look(0);
    if (watch && desk.around().screen().terminal()) {
      desk.say(RunPicture.draw(run, look));
    } else {
      desk.say(RunPicture.headline(run, look));
    }
    desk.say(Ending.draw(run, look));
    if (run.path("planner").asString("").equals("model")) {
      desk.hint(look.paint().quiet("planned by the model"));
    }
    if (Ending.exitCode(run) != 0) {
      desk.hint(
          desk.paint()
              .quiet(
                  "more: capstan show "
                      + run.path("id").asString("")
                      + " · capstan events "
                      + run.path("id").asString("")));
    }
  }

  private ObjectNode body() {
    ObjectNode body = wish.body(desk.around().in());
    if (priority != 0) {
      body.put("priority", priority);
    }
    return body;
  }
}
