package dev.capstan.cli.verb;

import dev.capstan.plan.PlanSchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the JSON Schema of plans. */
@Command(name = "schema", description = "Print the JSON Schema of plans, for editors and models.")
public final class PlanSchemaVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  public PlanSchemaVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    desk.json(PlanSchema.document());
    return 0;
  }
}
