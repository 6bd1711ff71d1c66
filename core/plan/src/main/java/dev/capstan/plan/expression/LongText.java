package dev.capstan.plan.expression;

import java.util.Locale;

/**
 * What the JDK does in the square of a text's length, done in one pass: inside its loops a thread
 * cannot be stopped, not even for the collector, so one expression would stop the whole process.
 * The same in every place: no machine's own language decides about letters.
 */
final class LongText {
  /** Up to here a mark is looked for as the JDK does, at most so many times the text's length. */
  private static final int SHORT = 32;

  private static final int CHUNK = 64;

  private LongText() {}

  /** As {@link String#indexOf(String, int)}, by Knuth, Morris and Pratt. */
  static int indexOf(String text, String part, int from) {
    if (part.length() <= SHORT) {
      return text.indexOf(part, from);
    }
    int[] borders = borders(part);
    int matched = 0;
    for (int i = from; i < text.length(); i++) {
      while (matched > 0 && text.charAt(i) != part.charAt(matched)) {
        matched = borders[matched - 1];
      }
      if (text.charAt(i) == part.charAt(matched) && ++matched == part.length()) {
        return i - matched + 1;
      }
    }
    return -1;
  }

  /**
   * For each beginning of the text the length of its longest proper beginning that also ends it.
   */
  private static int[] borders(String part) {
    int[] borders = new int[part.length()];
    int length = 0;
    for (int i = 1; i < part.length(); i++) {
      while (length > 0 && part.charAt(i) != part.charAt(length)) {
        length = borders[length - 1];
      }
      length += part.charAt(i) == part.charAt(length) ? 1 : 0;
      borders[i] = length;
    }
    return borders;
  }

  /** In pieces, because each ß that becomes SS makes the JDK copy all that came before. */
  static String upper(String text) {
    if (text.length() <= CHUNK) {
      return text.toUpperCase(Locale.ROOT);
    }
    StringBuilder upper = new StringBuilder(text.length());
    int from = 0;
    while (from < text.length()) {
      int to = Math.min(text.length(), from + CHUNK);
      to -= to < text.length() && Character.isHighSurrogate(text.charAt(to - 1)) ? 1 : 0;
      upper.append(text.substring(from, to).toUpperCase(Locale.ROOT));
      from = to;
    }
    return upper.toString();
  }

  /** Only İ becomes longer; whether a Σ ends a word needs the text in one piece. */
  static String lower(String text) {
    return text.replace("\u0130", "i\u0307").toLowerCase(Locale.ROOT);
  }
}
