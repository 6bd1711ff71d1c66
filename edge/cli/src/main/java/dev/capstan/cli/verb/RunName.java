package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * Finds the run that somebody means by {@code last}, a whole id, or the unique beginning or end of
 * one.
 */
final class RunName {
  private static final int WHOLE = "run_01k2m3n4p5q6r".length();
  private static final int PAGES = 10;

  private RunName() {}

  static String resolve(Server server, String text) {
    String wanted = text.toLowerCase(Locale.ROOT);
    if (wanted.equals("last")) {
      return last(server);
    }
    if (wanted.length() == WHOLE && wanted.startsWith("run_")) {
      return wanted;
    }
    if (!wanted.matches("[a-z0-9_]+")) {
      throw Desk.wrong("'" + text + "' is no run: say last, an id, or the beginning or end of one");
    }
    List<String> found = matching(server, wanted);
    if (found.isEmpty()) {
      throw Problem.of(
              ProblemCode.NOT_FOUND,
              "no run's id begins or ends with '" + text + "'; see capstan runs")
          .refusal();
    }
    if (found.size() > 1) {
      throw Desk.wrong(
          "'"
              + text
              + "' could be "
              + String.join(", ", found.subList(0, Math.min(5, found.size())))
              + ": write more of it");
    }
    return found.getFirst();
  }

  private static String last(Server server) {
    JsonNode runs = server.get("/runs?limit=1").path("items");
    if (runs.isEmpty()) {
      throw Problem.of(
              ProblemCode.NOT_FOUND,
              "there is no run yet; start one: capstan run \"what is 2 + 3?\"")
          .refusal();
    }
    return runs.path(0).path("id").asString("");
  }

  private static List<String> matching(Server server, String wanted) {
    String prefix = wanted.startsWith("run_") ? wanted : "run_" + wanted;
    List<String> found = new ArrayList<>();
    String cursor = "";
    for (int page = 0; page < PAGES; page++) {
      String after = cursor.isEmpty() ? "" : "&after=" + Server.part(cursor);
      JsonNode runs = server.get("/runs?limit=200" + after);
      for (JsonNode run : runs.path("items").values()) {
        String id = run.path("id").asString("");
        if (id.startsWith(prefix) || (wanted.length() >= 4 && id.endsWith(wanted))) {
          found.add(id);
        }
      }
      cursor = runs.path("next").asString("");
      if (cursor.isEmpty()) {
        break;
      }
    }
    return found;
  }
}
