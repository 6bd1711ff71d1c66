package dev.capstan.cli.verb;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Decides what to make of a step whose outcome is unknown. */
@Command(
    name = "resolve",
    description =
        "Decide what to make of a step that was cut short, so that nobody knows whether it took effect;"
            + " or of an agent's call that was, see capstan why: the agent goes on with what you say.")
public final class ResolveVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin OneRun one = new OneRun();

  @Parameters(index = "1", paramLabel = "STEP", description = "The step.")
  String step = "";

  @Parameters(
      index = "2",
      paramLabel = "retry|complete|skip|fail",
      description =
          "Attempt it again, take it as done, leave it out, or count it as failed (an agent's step fails then).")
  String resolution = "";

  @Option(
      names = "--output",
      description = "JSON: what the step, or the agent's call, returned, for complete.")
  String output = "";

  public ResolveVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    var told =
        new OneRun.Told()
            .with("step", step)
            .with("resolution", resolution)
            .withJson("output", "--output", output);
    return one.tell(desk, "resolve", told, id -> id + " goes on: capstan watch " + id);
  }
}
