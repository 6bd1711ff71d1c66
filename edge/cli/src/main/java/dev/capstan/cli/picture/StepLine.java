package dev.capstan.cli.picture;

import dev.capstan.cli.terminal.Safe;
import dev.capstan.cli.terminal.Times;
import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.JsonNode;

/** One step on one line: sign, name, time, and what there is to say about it. */
final class StepLine {
  private static final int NAME_CELLS = 22;

  private StepLine() {}

  static String draw(JsonNode step, String lead, JsonNode run, Look look) {
    String status = step.path("status").asString("");
    String name = Safe.line(step.path("id").asString(""));
    int nameRoom = Math.max(6, Math.min(look.columns() - Safe.width(lead) - 4, 60));
    String shown = Safe.clip(name, nameRoom);
    int used = 2 + Safe.width(lead) + 2 + Safe.width(shown);
    StringBuilder line = new StringBuilder("  ");
    line.append(look.paint().quiet(lead));
    line.append(Mark.dye(look.paint(), status, Mark.sign(status, look.frame())));
    line.append(' ').append(status.equals("pending") ? look.paint().quiet(shown) : shown);
    String taken = RunPicture.taken(step, look.now());
    String remark = remark(step, run, look.now());
    if (taken.isEmpty() && remark.isEmpty()) {
      return line.toString();
    }
    int gap = Math.max(2, 2 + NAME_CELLS - used);
    int left = look.columns() - used - gap;
    if (left < 3) {
      return line.toString();
    }
    line.append(" ".repeat(gap));
    line.append(look.paint().quiet(Safe.clip(Safe.pad(taken, 8), left)));
    String rest = Safe.clip(remark, left - 10);
    if (!rest.isEmpty()) {
      String dyed =
          status.equals("completed")
              ? look.paint().quiet(rest)
              : Mark.dye(look.paint(), status, rest);
      line.append("  ").append(dyed);
    }
    return line.toString().stripTrailing();
  }

  private static String remark(JsonNode step, JsonNode run, Instant now) {
    String status = step.path("status").asString("");
    return switch (status) {
      case "waiting" -> waiting(step, run, now);
      case "retrying" -> retrying(step, now);
      case "failed" -> failure(step) + attempts(step);
      case "unknown" ->
          "may or may not have taken effect: capstan resolve "
              + run.path("id").asString("")
              + " "
              + step.path("id").asString("");
      case "completed" -> items(step) + attempts(step) + output(step);
      case "pending", "skipped", "cancelled" -> "";
      default -> items(step) + attempts(step) + progress(step);
    };
  }

  private static String waiting(JsonNode step, JsonNode run, Instant now) {
    JsonNode wait = step.path("waiting");
    String id = run.path("id").asString("");
    String until =
        Times.parse(wait.path("until").asString(""))
            .map(at -> Times.length(Duration.between(now, at)))
            .orElse("");
    return switch (wait.path("kind").asString("")) {
      case "time", "timer" -> until.isEmpty() ? "waits" : "goes on in " + until;
      case "approval" ->
          "approve? "
              + Safe.line(wait.path("message").asString(""))
              + "  → capstan approve "
              + id
              + limit(until);
      case "signal" ->
          "needs signal: capstan signal "
              + id
              + " "
              + Safe.line(wait.path("name").asString(""))
              + limit(until);
      case "child" -> "runs " + Safe.line(wait.path("run").asString("")) + round(wait);
      default -> "waits";
    };
  }

  private static String limit(String until) {
    return until.isEmpty() ? "" : " (" + until + " left)";
  }

  private static String round(JsonNode wait) {
    int iteration = wait.path("iteration").asInt(0);
    return iteration == 0 ? "" : ", round " + iteration;
  }

  private static String retrying(JsonNode step, Instant now) {
    String until =
        Times.parse(step.path("retry_at").asString(""))
            .map(at -> "again in " + Times.length(Duration.between(now, at)))
            .orElse("again soon");
    String reason = failure(step);
    return "attempt "
        + step.path("attempt").asInt(1)
        + " failed, "
        + until
        + (reason.isEmpty() ? "" : ": " + reason);
  }

  private static String failure(JsonNode step) {
    return Safe.line(step.path("failure").path("detail").asString(""));
  }

  private static String attempts(JsonNode step) {
    int attempt = step.path("attempt").asInt(1);
    return attempt > 1 ? " (attempt " + attempt + ") " : "";
  }

  private static String items(JsonNode step) {
    JsonNode items = step.path("items");
    if (items.isMissingNode()) {
      return "";
    }
    int failed = items.path("failed").asInt(0);
    return items.path("done").asInt(0)
        + "/"
        + items.path("total").asInt(0)
        + " items"
        + (failed > 0 ? ", " + failed + " failed" : "")
        + " ";
  }

  private static String progress(JsonNode step) {
    JsonNode progress = step.path("progress");
    return progress.isMissingNode() || progress.isNull() ? "" : Values.brief(progress, 200);
  }

  private static String output(JsonNode step) {
    JsonNode output = step.path("output");
    if (output.isMissingNode() || output.isNull() || output.isArray()) {
      return "";
    }
    return "→ " + Values.brief(gist(output), 200);
  }

  /** What a tool says in words, else all of it. */
  private static JsonNode gist(JsonNode output) {
    if (output.path("text").isString()) {
      return output.path("text");
    }
    boolean one = output.isObject() && output.size() == 1;
    return one && output.values().iterator().next().isString()
        ? output.values().iterator().next()
        : output;
  }
}
