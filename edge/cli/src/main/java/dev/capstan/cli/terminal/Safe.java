package dev.capstan.cli.terminal;

/**
 * Text from anywhere, made safe to print: what a step returned must not move the cursor, rename the
 * window or hide a line. Widths are in terminal cells.
 */
public final class Safe {
  private Safe() {}

  /** One line: control characters, line ends and direction marks are shown as escapes. */
  public static String line(String text) {
    return escape(text, false);
  }

  /** Several lines: as {@link #line}, but line ends and tabs stay. */
  public static String block(String text) {
    return escape(text, true);
  }

  private static String escape(String text, boolean keepLines) {
    StringBuilder safe = null;
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      boolean kept = keepLines && (letter == '\n' || letter == '\t');
      if (!kept && isDangerous(letter)) {
        if (safe == null) {
          safe = new StringBuilder(text.length() + 16).append(text, 0, i);
        }
        safe.append(escapeOf(letter));
      } else if (safe != null) {
        safe.append(letter);
      }
    }
    return safe == null ? text : safe.toString();
  }

  private static boolean isDangerous(char letter) {
    return letter < 0x20
        || (letter >= 0x7f && letter < 0xa0)
        || (letter >= 0x200b && letter <= 0x200f)
        || (letter >= 0x2028 && letter <= 0x202e)
        || (letter >= 0x2066 && letter <= 0x2069)
        || letter == 0xfeff;
  }

  private static String escapeOf(char letter) {
    return switch (letter) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> "\\u" + hex(letter);
    };
  }

  private static String hex(char letter) {
    String digits = Integer.toHexString(letter);
    return "0000".substring(digits.length()) + digits;
  }

  /** How many cells the text takes. */
  public static int width(String text) {
    int cells = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      cells += cells(point);
      i += Character.charCount(point);
    }
    return cells;
  }

  /** At most {@code cells} wide; what was cut ends with {@code …}. */
  public static String clip(String text, int cells) {
    if (cells <= 0) {
      return "";
    }
    // A text that cannot be too wide is the common case, and cheap to see.
    if (text.length() * 2 <= cells || width(text) <= cells) {
      return text;
    }
    int used = 0;
    int end = 0;
    while (end < text.length()) {
      int point = text.codePointAt(end);
      if (used + cells(point) > cells - 1) {
        break;
      }
      used += cells(point);
      end += Character.charCount(point);
    }
    return text.substring(0, end) + "…";
  }

  /** Padded with spaces to {@code cells}. */
  public static String pad(String text, int cells) {
    int missing = cells - width(text);
    return missing > 0 ? text + " ".repeat(missing) : text;
  }

  private static int cells(int point) {
    if (point < 0x300) {
      return 1;
    }
    int type = Character.getType(point);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    return isWide(point) ? 2 : 1;
  }

  private static boolean isWide(int point) {
    return (point >= 0x1100 && point <= 0x115f)
        || (point >= 0x2e80 && point <= 0xa4cf)
        || (point >= 0xac00 && point <= 0xd7a3)
        || (point >= 0xf900 && point <= 0xfaff)
        || (point >= 0xfe30 && point <= 0xfe6f)
        || (point >= 0xff00 && point <= 0xff60)
        || (point >= 0xffe0 && point <= 0xffe6)
        || (point >= 0x1f300 && point <= 0x1faff)
        || (point >= 0x20000 && point <= 0x3fffd);
  }
}
