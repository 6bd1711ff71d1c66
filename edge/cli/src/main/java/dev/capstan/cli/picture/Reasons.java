package dev.capstan.cli.picture;

import dev.capstan.cli.terminal.Safe;
import dev.capstan.cli.terminal.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What stands, since when, and what would release it. */
public final class Reasons {
  private static final int MOST = 100;

  /** A person decides by it, so it is shown whole even where that takes several lines. */
  private static final int LONGEST_CALL = 600;

  private Reasons() {}

  public static List<String> draw(JsonNode why, Look look) {
    List<String> lines = new ArrayList<>();
    String id = why.path("run").asString("");
    String status = why.path("status").asString("");
    JsonNode standing = why.path("standing");
    if (standing.isEmpty()) {
      lines.add(
          Mark.dye(look.paint(), status, Mark.sign(status, 0) + " " + status.replace('_', ' '))
              + "  "
              + look.paint().quiet(id)
              + "  nothing stands still");
      return lines;
    }
    lines.add(
        Mark.dye(look.paint(), status, Mark.sign(status, 0) + " " + status.replace('_', ' '))
            + "  "
            + look.paint().quiet(id));
    List<String> behind = new ArrayList<>();
    int drawn = 0;
    for (JsonNode one : standing.values()) {
      if (one.path("on").path("kind").asString("").equals("upstream")) {
        behind.add(Safe.line(one.path("step").asString("")));
      } else if (drawn++ < MOST) {
        draw(one, id, lines, look);
      }
    }
    if (drawn > MOST) {
      lines.add(look.paint().quiet("  … and " + (drawn - MOST) + " more: --json shows all"));
    }
    if (!behind.isEmpty()) {
      String names =
          (behind.size() == 1 ? "1 step waits" : behind.size() + " steps wait")
              + " for these: "
              + String.join(", ", behind);
      lines.add("  " + look.paint().quiet(Safe.clip(names, look.columns() - 2)));
    }
    return lines;
  }

  private static void draw(JsonNode one, String id, List<String> lines, Look look) {
    String step = Safe.line(one.path("step").asString(""));
    JsonNode on = one.path("on");
    String since =
        Times.parse(one.path("since").asString(""))
            .map((Instant at) -> "for " + Times.length(Duration.between(at, look.now())))
            .orElse("");
    String what = on.path("kind").asString("").replace('_', ' ');
    String left = step.isEmpty() ? "the run" : step;
    lines.add(
        "  "
            + look.paint().strong(left)
            + "  waits for "
            + look.paint().warn(what)
            + detail(on, look)
            + "  "
            + look.paint().quiet(since));
    String call = Safe.line(on.path("call").asString(""));
    if (!call.isEmpty()) {
      lines.add("    " + look.paint().quiet("unknown is ") + "  " + Safe.clip(call, LONGEST_CALL));
    }
    String release = Safe.line(one.path("release").asString("")).replace(" RUN", " " + id);
    if (!release.isEmpty()) {
      lines.add(
          "    "
              + look.paint().quiet("released by")
              + "  "
              + Safe.clip(release, look.columns() - 17));
    }
  }

  private static String detail(JsonNode on, Look look) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, JsonNode> field : on.properties()) {
      boolean elsewhere = field.getKey().equals("kind") || field.getKey().equals("call");
      if (elsewhere || field.getValue().isNull()) {
        continue;
      }
      String value =
          Times.parse(field.getValue().asString(""))
              .map((Instant at) -> Times.clock(at, look.now(), look.zone()))
              .orElseGet(() -> Values.brief(field.getValue(), 60));
      text.append(text.isEmpty() ? "" : ", ")
          .append(Safe.line(field.getKey()).replace('_', ' '))
          .append(' ')
          .append(value);
    }
    return text.isEmpty() ? "" : " (" + text + ")";
  }
}
