package dev.capstan.cli.picture;

import dev.capstan.cli.terminal.Safe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What came of a run: its outputs, or what failed and what was undone. */
public final class Ending {
  private static final Set<String> TERMINAL =
      Set.of("completed", "completed_partially", "failed", "cancelled");

  private Ending() {}

  public static boolean isTerminal(JsonNode run) {
    return TERMINAL.contains(run.path("status").asString(""));
  }

  /** 0 when all of it completed, else 1. */
  public static int exitCode(JsonNode run) {
    return run.path("status").asString("").equals("completed") ? 0 : 1;
  }

  public static List<String> draw(JsonNode run, Look look) {
    List<String> lines = new ArrayList<>();
    JsonNode outputs = run.path("outputs");
    // A prompt is answered in words; what they were made of is for programs.
    boolean answered = run.path("prompt").isString() && outputs.path("answer").isString();
    for (Map.Entry<String, JsonNode> output : outputs.properties()) {
      if (!answered || output.getKey().equals("answer")) {
        lines.addAll(Values.named(output.getKey(), output.getValue(), look));
      }
    }
    JsonNode failure = run.path("failure");
    if (!failure.isMissingNode() && !failure.isNull()) {
      String step = failure.path("step").asString("");
      String text =
          (step.isEmpty() ? "" : "step " + Safe.line(step) + ": ")
              + Safe.line(failure.path("detail").asString(""));
      lines.add("  " + look.paint().bad(text));
    }
    list(lines, "failed", run.path("failed_steps"), look);
    list(lines, "undone", run.path("compensated"), look);
    list(lines, "could not be undone", run.path("uncompensated"), look);
    return lines;
  }

  private static void list(List<String> lines, String label, JsonNode steps, Look look) {
    if (!steps.isEmpty()) {
      StringBuilder names = new StringBuilder();
      for (JsonNode step : steps.values()) {
        names.append(names.isEmpty() ? "" : ", ").append(Safe.line(step.asString(step.toString())));
      }
      lines.add(
          "  "
              + look.paint().quiet(label)
              + "  "
              + Safe.clip(names.toString(), look.columns() - 4));
    }
  }
}
