package dev.capstan.cli.verb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Restores an exported run. */
@Command(
    name = "import",
    description = "Restore a run that was exported; its events are checked by replay.")
public final class ImportVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(paramLabel = "FILE", description = "What capstan export wrote.")
  String file = "";

  public ImportVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() throws IOException {
    Path path = Path.of(file);
    if (!Files.isRegularFile(path)) {
      throw Desk.wrong("there is no file " + file);
    }
    JsonNode run = desk.server(manner).postText("/runs/import", Files.readAllBytes(path));
    if (manner.json) {
      desk.json(run);
    } else {
      desk.say(run.path("id").asString(""));
    }
    return 0;
  }
}
