package dev.capstan.cli.picture;

import dev.capstan.cli.terminal.Paint;
import dev.capstan.cli.terminal.Safe;
import dev.capstan.cli.terminal.Times;
import java.time.Instant;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** One event on one line. */
public final class EventLine {
  private EventLine() {}

  /** Place, time of day, type, step, and the rest of it in brief. */
  public static String draw(JsonNode event, Look look) {
    Paint paint = look.paint();
    String type = event.path("type").asString("");
    JsonNode of = event.path("data");
    String at =
        Times.parse(event.path("at").asString(""))
            .map((Instant when) -> Times.clock(when, look.now(), look.zone()))
            .orElse("");
    String head =
        Safe.pad(Long.toString(event.path("seq").asLong(0)), 5) + " " + Safe.pad(at, 8) + "  ";
    String step = Safe.line(of.path("step").asString(""));
    String middle = Safe.pad(Safe.line(type), 20) + " " + Safe.pad(step, 16);
    int left = look.columns() - Safe.width(head) - Safe.width(middle) - 1;
    String rest = Safe.clip(rest(of), Math.max(0, left));
    return (paint.quiet(head) + dye(paint, type, middle) + " " + paint.quiet(rest)).stripTrailing();
  }

  private static String dye(Paint paint, String type, String text) {
    if (type.endsWith("_failed") || type.endsWith("deadline_passed")) {
      return paint.bad(text);
    }
    if (type.endsWith("_completed")) {
      return paint.good(text);
    }
    return type.endsWith("_waiting") || type.endsWith("_unknown") ? paint.warn(text) : text;
  }

  private static String rest(JsonNode data) {
    JsonNode failure = data.path("failure").path("detail");
    if (!failure.isMissingNode()) {
      return Safe.line(failure.asString(""));
    }
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, JsonNode> field : data.properties()) {
      if (!field.getKey().equals("step") && !field.getValue().isNull() && text.length() < 400) {
        text.append(text.isEmpty() ? "" : "  ").append(Safe.line(field.getKey())).append('=');
        text.append(Values.brief(field.getValue(), 120));
      }
    }
    return text.toString();
  }
}
