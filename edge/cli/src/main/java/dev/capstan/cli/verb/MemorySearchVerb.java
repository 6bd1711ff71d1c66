package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Shows what would come to an agent's mind. */
@Command(
    name = "search",
    description = "Show what would come to an agent's mind, by words and by meaning.")
public final class MemorySearchVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(index = "0", paramLabel = "GROUP", description = "Whose memories.")
  String group = "";

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "QUERY", description = "What of.")
  List<String> query = List.of();

  @Option(
      names = {"-n", "--limit"},
      description = "How many, the best first, 1 to 100. Default: 10.")
  int limit = 10;

  public MemorySearchVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    String asked = Server.part(String.join(" ", query));
    JsonNode found =
        desk.server(manner)
            .get("/memory/" + Server.part(group) + "?limit=" + limit + "&q=" + asked);
    if (manner.json) {
      desk.json(found);
    } else if (found.path("items").isEmpty()) {
      desk.hint("nothing comes to mind");
    } else {
      Memories.say(desk, found);
    }
    return 0;
  }
}
