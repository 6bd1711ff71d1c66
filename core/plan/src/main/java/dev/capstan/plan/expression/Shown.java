package dev.capstan.plan.expression;

/** An expression as messages show it. */
final class Shown {
  private static final int LONGEST = 80;

  private Shown() {}

  static String shortened(String source) {
    String line = source.replace('\n', ' ');
    return "'" + (line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line) + "'";
  }
}
