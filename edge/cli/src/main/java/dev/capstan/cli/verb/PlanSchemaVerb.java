package dev.capstan.cli.verb;

import dev.capstan.plan.PlanSchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the JSON Schema of plans. */
@Command(name = "schema", description = "Print the JSON Schema of plans, for editors and models.")
public final class PlanSchemaVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Option(names = "--crew", description = "That of crews and agents; the server must be up.")
  boolean crew;

  public PlanSchemaVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    desk.json(crew ? desk.server(manner).get("/crews/schema") : PlanSchema.document());
    return 0;
  }
}
