package dev.capstan.cli.picture;

import dev.capstan.cli.terminal.Paint;

/** The sign and the colour of each status, for runs and steps alike. */
final class Mark {
  private static final String SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

  private Mark() {}

  static String sign(String status, int frame) {
    return switch (status) {
      case "completed" -> "✓";
      case "completed_partially" -> "◐";
      case "failed" -> "✗";
      case "skipped" -> "–";
      case "cancelled", "cancelling" -> "×";
      case "waiting" -> "◷";
      case "retrying" -> "↻";
      case "paused" -> "‖";
      case "unknown", "blocked" -> "?";
      case "compensating" -> "↶";
      case "running", "ready", "started" -> spinner(frame);
      default -> "·";
    };
  }

  private static String spinner(int frame) {
    return frame == 0 ? "▸" : String.valueOf(SPINNER.charAt(frame % SPINNER.length()));
  }

  static String dye(Paint paint, String status, String text) {
    return switch (status) {
      case "completed" -> paint.good(text);
      case "failed" -> paint.bad(text);
      case "completed_partially", "waiting", "retrying", "paused", "unknown", "blocked" ->
          paint.warn(text);
      case "cancelling", "compensating" -> paint.warn(text);
      case "running", "ready", "started" -> paint.live(text);
      default -> paint.quiet(text);
    };
  }
}
