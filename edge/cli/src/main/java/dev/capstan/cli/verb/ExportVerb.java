package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Saves a run, whole. */
@Command(
    name = "export",
    description = "Save a run with its plan and all events as one JSON document.")
public final class ExportVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(paramLabel = "RUN", description = "An id, the beginning or end of one, or last.")
  String run = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to; the standard output when absent.")
  String output = "";

  public ExportVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() throws IOException {
    Server server = desk.server(manner);
    String id = RunName.resolve(server, run);
    new Saving(server, desk).save("/runs/" + id + "/export", id, output);
    return 0;
  }
}
