package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Forgets for good. */
@Command(name = "forget", description = "Forget one memory of a group, some of them, or all.")
public final class MemoryForgetVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(index = "0", paramLabel = "GROUP", description = "Whose memories.")
  String group = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "This one.")
  String id = "";

  @Option(
      names = "--containing",
      paramLabel = "TEXT",
      description = "Every one that has this text in it.")
  String text = "";

  @Option(names = "--all", description = "All that the group remembers.")
  boolean all;

  public MemoryForgetVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    int wishes = (id.isEmpty() ? 0 : 1) + (text.isEmpty() ? 0 : 1) + (all ? 1 : 0);
    if (wishes != 1) {
      throw Desk.wrong("say what to forget: an ID, --containing TEXT, or --all");
    }
    String path = "/memory/" + Server.part(group);
    Server server = desk.server(manner);
    JsonNode answer =
        server.delete(
            all
                ? path + "?all=true"
                : id.isEmpty()
                    ? path + "?containing=" + Server.part(text)
                    : path + "/" + Server.part(id));
    if (manner.json) {
      desk.json(answer);
    } else {
      desk.hint("forgotten: " + answer.path("forgotten").asString("0"));
    }
    return 0;
  }
}
