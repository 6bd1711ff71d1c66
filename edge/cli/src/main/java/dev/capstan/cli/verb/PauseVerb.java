package dev.capstan.cli.verb;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Pauses a run. */
@Command(
    name = "pause",
    description = "Start no further step; what is under way ends and is recorded.")
public final class PauseVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin OneRun one = new OneRun();

  @Option(
      names = {"-m", "--reason"},
      description = "Why; kept in the journal.")
  String reason = "";

  public PauseVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    var told = new OneRun.Told().with("reason", reason);
    return one.tell(desk, "pause", told, id -> id + " is paused; go on with: capstan resume " + id);
  }
}
