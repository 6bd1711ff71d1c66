package dev.capstan.cli.verb;

import dev.capstan.cli.Surroundings;
import dev.capstan.cli.api.Home;
import dev.capstan.cli.api.Server;
import dev.capstan.cli.picture.Look;
import dev.capstan.cli.terminal.Paint;
import dev.capstan.cli.terminal.Safe;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What a verb works at: the server, the paper that it writes on, and the clock on the wall. */
public record Desk(Surroundings around) {
  Home home() {
    return Home.of(around.environment());
  }

  Server server(Manner manner) {
    return new Server(manner.url.isEmpty() ? home().serverUrl() : manner.url);
  }

  Paint paint() {
    return around.screen().paint();
  }

  /** How to look at something now. */
  Look look(int frame) {
    return new Look(
        paint(),
        around.screen().columns(),
        around.screen().rows(),
        around.clock().instant(),
        around.zone(),
        frame);
  }

  /** A line of the result; safe already. */
  void say(String line) {
    around.out().println(line);
  }

  void say(List<String> lines) {
    lines.forEach(this::say);
  }

  /** Whether nobody reads what is written any more, as after {@code | head}. */
  boolean isUnread() {
    return around.out().checkError();
  }

  /** The result as JSON, indented when a person looks. */
  void json(JsonNode value) {
    say(around.screen().terminal() ? Safe.block(Json.pretty(value)) : Json.write(value));
  }

  /** A line beside the result: progress, advice. */
  void hint(String line) {
    around.out().flush();
    around.err().println(line);
    around.err().flush();
  }

  static RuntimeException wrong(String detail) {
    return Problem.of(ProblemCode.INVALID_REQUEST, detail).refusal();
  }
}
