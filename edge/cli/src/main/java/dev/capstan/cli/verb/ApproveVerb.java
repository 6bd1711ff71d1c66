package dev.capstan.cli.verb;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Answers an approval step. */
@Command(name = "approve", description = "Answer a step that waits for approval.")
public final class ApproveVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin OneRun one = new OneRun();

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
    var told =
        new OneRun.Told().with("approved", !reject).with("step", step).with("comment", comment);
    String answer = reject ? " is told no" : " is approved";
    return one.tell(desk, "approve", told, id -> id + answer + ": capstan watch " + id);
  }
}
