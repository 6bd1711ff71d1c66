package dev.capstan.cli.verb;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Saves a run, whole. */
@Command(
    name = "export",
    description = "Save a run with its plan and all events as one JSON document.")
public final class ExportVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Saving saving = new Saving();

  public ExportVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() throws IOException {
    return saving.save(desk, "export", "");
  }
}
