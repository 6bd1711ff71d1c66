package dev.capstan.cli.terminal;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the output goes to.
 *
 * @param terminal whether a person is looking, so that lines may be drawn again
 * @param columns width in cells
 * @param rows height in lines
 */
public record Screen(boolean terminal, Paint paint, int columns, int rows) {
  private static final int PIPED_COLUMNS = 160;

  /** A pipe or a file. */
  public static final Screen PIPE = new Screen(false, Paint.OFF, PIPED_COLUMNS, 50);

  /**
   * As the launcher found it: {@code CAPSTAN_TERMINAL="rows columns"} when the output is a
   * terminal. {@code NO_COLOR} and {@code TERM=dumb} are honoured.
   */
  public static Screen of(Map<String, String> environment) {
    String size = environment.get("CAPSTAN_TERMINAL");
    if (size == null) {
      boolean forced = isSet(environment.get("CLICOLOR_FORCE"));
      return forced ? new Screen(false, Paint.ON, PIPED_COLUMNS, 50) : PIPE;
    }
    boolean dumb = "dumb".equals(environment.get("TERM"));
    Paint paint = dumb || isSet(environment.get("NO_COLOR")) ? Paint.OFF : Paint.ON;
    String[] parts = size.trim().split("\\s+", 2);
    int rows = parts.length == 2 ? number(parts[0], 24) : 24;
    int columns = parts.length == 2 ? number(parts[1], 80) : 80;
    return new Screen(!dumb, paint, Math.clamp(columns, 20, 1000), Math.clamp(rows, 5, 1000));
  }

  private static boolean isSet(@Nullable String value) {
    return value != null && !value.isEmpty();
  }

  private static int number(String text, int fallback) {
    try {
      int value = Integer.parseInt(text);
      return value > 0 ? value : fallback;
    } catch (NumberFormatException unknown) {
      return fallback;
    }
  }
}
