package dev.capstan.cli.picture;

import dev.capstan.cli.terminal.Safe;
import dev.capstan.kernel.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** JSON values for reading: safe to print, and only as much of them as a person would read. */
public final class Values {
  private static final int LONGEST_TEXT = 20_000;
  private static final int MOST_LINES = 40;

  private Values() {}

  /** On one line, at most {@code cells} wide. */
  public static String brief(JsonNode value, int cells) {
    return Safe.clip(
        Safe.line(shortened(value.isString() ? value.asString("") : value.toString())), cells);
  }

  private static String shortened(String text) {
    return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
  }

  /** Name and value, the value indented below its name when it takes several lines. */
  public static List<String> named(String name, JsonNode value, Look look) {
    List<String> lines = new ArrayList<>();
    String label = look.paint().quiet(Safe.line(name));
    List<String> body = body(value);
    if (body.size() == 1 && Safe.width(body.getFirst()) + Safe.width(name) + 4 <= look.columns()) {
      lines.add("  " + label + "  " + body.getFirst());
      return lines;
    }
    lines.add("  " + label);
    body.stream()
        .limit(MOST_LINES)
        .forEach(line -> lines.add("    " + Safe.clip(line, look.columns() - 4)));
    if (body.size() > MOST_LINES) {
      lines.add(
          "    "
              + look.paint()
                  .quiet("… " + (body.size() - MOST_LINES) + " more lines: --json shows all"));
    }
    return lines;
  }

  private static List<String> body(JsonNode value) {
    String text = value.isString() ? value.asString("") : flat(value);
    boolean cut = text.length() > LONGEST_TEXT;
    List<String> lines =
        new ArrayList<>(
            Safe.block(shortened(text)).lines().map(line -> line.replace("\t", "  ")).toList());
    if (lines.isEmpty()) {
      lines.add("\"\"");
    }
    if (cut) {
      lines.add("… " + (text.length() - LONGEST_TEXT) + " more characters: --json shows all");
    }
    return lines;
  }

  /** What is small stays on one line. */
  private static String flat(JsonNode value) {
    String compact = value.toString();
    return compact.length() <= 100 ? compact : Json.pretty(value);
  }
}
