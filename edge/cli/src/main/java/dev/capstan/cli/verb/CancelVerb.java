package dev.capstan.cli.verb;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Cancels a run. */
@Command(
    name = "cancel",
    description = "Stop what is under way, undo what can be undone, end as cancelled.")
public final class CancelVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin OneRun one = new OneRun();

  @Option(
      names = {"-m", "--reason"},
      description = "Why; kept in the journal.")
  String reason = "";

  public CancelVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    var told = new OneRun.Told().with("reason", reason);
    return one.tell(desk, "cancel", told, id -> id + " is being cancelled: capstan watch " + id);
  }
}
