package dev.capstan.cli.verb;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The door to what is done with plans. */
@Command(name = "plan", description = "Check a plan, draw it, or print the schema of plans.")
public final class PlanVerb implements Callable<Integer> {
  @Mixin Manner manner = new Manner();

  @Override
  public Integer call() {
    throw Desk.wrong("say what to do: capstan plan check FILE, plan draw FILE or plan schema");
  }
}
