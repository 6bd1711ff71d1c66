package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
  @Mixin Manner manner = new Manner();

  @Parameters(paramLabel = "RUN", description = "An id, the beginning or end of one, or last.")
  String run = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to; the standard output when absent.")
  String output = "";

  public RecordVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() throws IOException {
    Server server = desk.server(manner);
    String id = RunName.resolve(server, run);
    new Saving(server, desk).save("/runs/" + id + "/case", "the case of " + id, output);
    return 0;
  }
}
