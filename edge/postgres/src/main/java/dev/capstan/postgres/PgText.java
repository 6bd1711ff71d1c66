package dev.capstan.postgres;

import dev.capstan.kernel.Json;

/** Text as the database can hold it: it has no NUL and no half of a surrogate pair. */
final class PgText {
  private PgText() {}

  /**
   * JSON text that survives UTF-8: half pairs, which only occur inside strings, become escapes. The
   * same text when there is none.
   */
  static String ofJson(String json) {
    int first = firstHalfPair(json);
    if (first < 0) {
      return json;
    }
    StringBuilder kept = new StringBuilder(json.length() + 12).append(json, 0, first);
    for (int i = first; i < json.length(); i++) {
      char letter = json.charAt(i);
      if (!isHalfPair(json, i)) {
        kept.append(letter);
      } else {
        kept.append("\\u").append(Integer.toHexString(letter));
      }
    }
    return kept.toString();
  }

  private static int firstHalfPair(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isHalfPair(text, i)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isHalfPair(String text, int i) {
    char letter = text.charAt(i);
    if (letter < Character.MIN_SURROGATE || letter > Character.MAX_SURROGATE) {
      return false;
    }
    if (Character.isHighSurrogate(letter)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return i == 0 || !Character.isHighSurrogate(text.charAt(i - 1));
  }

  static boolean isPlain(String text) {
    return text.indexOf('\0') < 0 && firstHalfPair(text) < 0;
  }

  /** Any text as a JSON string. */
  static String quoted(String text) {
    return ofJson(Json.write(text));
  }

  static String unquoted(String json) {
    return Json.parse(json, String.class);
  }
}
