package dev.capstan.cli.verb;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes a test of a run. */
@Command(
    name = "record",
    description = {
      "Make a test of a run that has ended: its plan, what its models and tools answered to what,"
          + " and its result as what must come of it, in YAML to read and edit.",
      "capstan test runs it, with no model, key, network or server."
    },
    footer = {"", "Example:  capstan record last -o tests/orders.yaml && capstan test tests"})
public final class RecordVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Saving saving = new Saving();

  public RecordVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() throws IOException {
    return saving.save(desk, "case", "the case of ");
  }
}
