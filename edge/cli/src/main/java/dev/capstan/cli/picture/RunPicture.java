package dev.capstan.cli.picture;

import dev.capstan.cli.terminal.Safe;
import dev.capstan.cli.terminal.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A run as lines of text: a headline and the tree of its steps. */
public final class RunPicture {
  private static final Set<String> ENDED = Set.of("completed", "skipped", "cancelled", "pending");
  private static final int SHORTEST = 4;
  private static final int LEAST_NAME = 4;

  private RunPicture() {}

  /** The whole picture; what there is no room for is counted and not drawn. */
  public static List<String> draw(JsonNode run, Look look) {
    List<String> lines = new ArrayList<>();
    lines.add(headline(run, look));
    List<JsonNode> steps = List.copyOf(run.path("steps").values());
    int room = Math.max(SHORTEST, look.rows() - 2);
    if (steps.size() <= room) {
      for (StepTree.Row row : StepTree.rows(steps)) {
        lines.add(StepLine.draw(row.step(), row.lines(), run, look));
      }
    } else {
      drawWhatMatters(steps, room, lines, run, look);
    }
    return lines;
  }

  /** Sign, status, name, id, time taken. */
  public static String headline(JsonNode run, Look look) {
    String status = run.path("status").asString("");
    String id = run.path("id").asString("");
    String name = Safe.line(title(run));
    String taken = taken(run, look.now());
    String first = Mark.sign(status, look.frame()) + " " + status.replace('_', ' ');
    String last = id + (taken.isEmpty() ? "" : "  " + taken);
    int left = look.columns() - Safe.width(first) - Safe.width(last) - 4;
    String head = Mark.dye(look.paint(), status, Safe.clip(first, look.columns()));
    // Its name can be found by its id, and not the other way round.
    if (left < LEAST_NAME) {
      String rest = Safe.clip(last, look.columns() - Safe.width(first) - 2);
      return rest.isEmpty() ? head : head + "  " + look.paint().quiet(rest);
    }
    return head
        + "  "
        + look.paint().strong(Safe.clip(name, left))
        + "  "
        + look.paint().quiet(last);
  }

  /** The prompt when there was one, else the plan's name. */
  static String title(JsonNode run) {
    String prompt = run.path("prompt").asString("");
    return prompt.isEmpty() ? run.path("name").asString("") : prompt;
  }

  static String taken(JsonNode body, Instant now) {
    var from = Times.parse(body.path("started_at").asString(""));
    if (from.isEmpty()) {
      return "";
    }
    Instant to = Times.parse(body.path("ended_at").asString("")).orElse(now);
    return Times.length(Duration.between(from.get(), to));
  }

  /** More steps than lines: those that move, wait or failed are drawn, the others counted. */
  private static void drawWhatMatters(
      List<JsonNode> steps, int room, List<String> lines, JsonNode run, Look look) {
    Map<String, Integer> counted = new LinkedHashMap<>();
    int drawn = 0;
    for (JsonNode step : steps) {
      String status = step.path("status").asString("");
      if (!ENDED.contains(status) && drawn < room - 1) {
        lines.add(StepLine.draw(step, "", run, look));
        drawn++;
      } else {
        counted.merge(status, 1, Integer::sum);
      }
    }
    StringBuilder rest = new StringBuilder();
    counted.forEach((status, count) ->
        rest.append(rest.isEmpty() ? "" : ", ").append(count).append(' ').append(status));
    lines.add("  " + look.paint().quiet(Safe.clip("… and " + rest + " steps", look.columns() - 2)));
  }
}
