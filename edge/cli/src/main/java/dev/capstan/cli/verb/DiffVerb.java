package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import dev.capstan.cli.diff.RunDiff;
import dev.capstan.cli.picture.DiffPicture;
import dev.capstan.kernel.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Compares two runs, step by step. */
@Command(
    name = "diff",
    description = {
      "Compare two runs step by step: what came of them, what they did cost, what they took.",
      "Exit code 0 when inputs, steps and outputs are the same, 1 when something differs."
    },
    footer = {
      "",
      "Examples:",
      "  capstan diff RUN last",
      "  capstan fork RUN --from write --set input.model=other; capstan diff RUN last"
    })
public final class DiffVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  @Parameters(index = "0", paramLabel = "RUN", description = "The run that was.")
  String first = "";

  @Parameters(index = "1", paramLabel = "RUN", description = "The one that it is compared with.")
  String second = "";

  public DiffVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Server server = desk.server(manner);
    String one = RunName.resolve(server, first);
    String other = RunName.resolve(server, second);
    RunDiff diff = RunDiff.of(told(server, one), told(server, other));
    if (manner.json) {
      desk.json(Json.object().put("same", diff.isSame()).setAll(Json.valueOf(diff).asObject()));
    } else {
      desk.say(DiffPicture.draw(diff, desk.look(0).still()));
    }
    return diff.isSame() ? 0 : 1;
  }

  private static RunDiff.Told told(Server server, String run) {
    return new RunDiff.Told(
        server.get("/runs/" + run),
        server.get("/costs?by=step&limit=1000&run=" + run),
        server.get("/costs?by=run&limit=1&run=" + run));
  }
}
