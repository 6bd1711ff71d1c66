package dev.capstan.cli.verb;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lets a paused run go on. */
@Command(name = "resume", description = "Let a paused run go on.")
public final class ResumeVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin OneRun one = new OneRun();

  public ResumeVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    var told = new OneRun.Told();
    return one.tell(desk, "resume", told, id -> id + " goes on: capstan watch " + id);
  }
}
