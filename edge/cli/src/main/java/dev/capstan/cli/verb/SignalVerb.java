package dev.capstan.cli.verb;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends a run a signal. */
@Command(
    name = "signal",
    description = "Send a run the signal that one of its steps waits for, now or later.")
public final class SignalVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin OneRun one = new OneRun();

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
    var told = new OneRun.Told().with("name", name).withJson("payload", "--payload", payload);
    return one.tell(
        desk, "signal", told, id -> id + " has the signal " + name + ": capstan watch " + id);
  }
}
