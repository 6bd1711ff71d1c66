package dev.capstan.agents.pattern;

import dev.capstan.agents.pattern.Word.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A prompt in pieces, cut in one pass. */
final class Words {
  private static final int LONGEST_QUOTATION = 1_000;
  private static final Word END = new Word(Kind.END, "", 0, 0);

  private final String prompt;
  private final List<Word> words = new ArrayList<>();

  /**
   * The next of each closing mark, so that many opening ones do not look for it again and again.
   */
  private final Map<Character, Integer> closings = new HashMap<>();

  private Words(String prompt) {
    this.prompt = prompt;
  }

  static Words of(String prompt) {
    Words words = new Words(prompt);
    words.cut();
    return words;
  }

  int count() {
    return words.size();
  }

  Word at(int index) {
    return index < words.size() ? words.get(index) : END;
  }

  boolean is(int index, String... wanted) {
    Word word = at(index);
    for (String one : wanted) {
      if (word.is(one)) {
        return true;
      }
    }
    return false;
  }

  /** Whether these words stand there one after the other. */
  boolean are(int index, String... wanted) {
    for (int i = 0; i < wanted.length; i++) {
      if (!at(index + i).is(wanted[i])) {
        return false;
      }
    }
    return true;
  }

  /** The very words, as written. */
  String between(int from, int to) {
    return from >= to ? "" : prompt.substring(at(from).from(), at(to - 1).to()).strip();
  }

  private void cut() {
    int i = 0;
    while (i < prompt.length()) {
      int end = end(i);
      if (end > i) {
        i = end;
      } else {
        i++;
      }
    }
  }

  /** Cuts the piece that begins here and returns its end; the same place when none begins here. */
  private int end(int from) {
    char c = prompt.charAt(from);
    if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
      return from;
    }
    if (isDigit(from) || (c == '.' && isDigit(from + 1))) {
      return add(Kind.NUMBER, from, numberEnd(from));
    }
    if ((c == 'x' || c == 'X') && from > 0 && isDigit(from - 1) && isDigit(from + 1)) {
      return add(Kind.WORD, from, from + 1);
    }
    if (Character.isLetter(c)) {
      return add(Kind.WORD, from, wordEnd(from));
    }
    int closing = closingQuote(from);
    if (closing > from) {
      words.add(new Word(Kind.QUOTE, prompt.substring(from + 1, closing), from, closing + 1));
      return closing + 1;
    }
    return add(Kind.SIGN, from, from + 1);
  }

  private int add(Kind kind, int from, int to) {
    String text = prompt.substring(from, to).toLowerCase(Locale.ROOT).replace('’', '\'');
    words.add(new Word(kind, kind == Kind.SIGN ? plainSign(text) : text, from, to));
    return to;
  }

  private static String plainSign(String sign) {
    return switch (sign) {
      case "×", "·" -> "*";
      case "÷" -> "/";
      case "−", "–" -> "-";
      default -> sign;
    };
  }

  private int numberEnd(int from) {
    int i = from;
    while (isDigit(i)) {
      i++;
    }
    if (charAt(i) == '.' && isDigit(i + 1)) {
      i++;
      while (isDigit(i)) {
        i++;
      }
    }
    // 1,000 stays together, so that it can be refused: it may be one number or two.
    while (charAt(i) == ',' && isDigit(i + 1)) {
      i++;
      while (isDigit(i)) {
        i++;
      }
    }
    int exponent = charAt(i + 1) == '-' || charAt(i + 1) == '+' ? i + 2 : i + 1;
    if ((charAt(i) == 'e' || charAt(i) == 'E') && isDigit(exponent)) {
      i = exponent;
      while (isDigit(i)) {
        i++;
      }
    }
    return i;
  }

  private int wordEnd(int from) {
    int i = from;
    while (Character.isLetterOrDigit(charAt(i))
        || ((charAt(i) == '-' || charAt(i) == '\'' || charAt(i) == '’' || charAt(i) == '_')
            && Character.isLetter(charAt(i + 1)))) {
      i++;
    }
    return i;
  }

  /** Where the quotation ends; -1 when none begins here or it is longer than any todo. */
  private int closingQuote(int from) {
    return switch (prompt.charAt(from)) {
      case '"' -> find('"', from + 1);
      case '“' -> find('”', from + 1);
      case '‘' -> find('’', from + 1);
      case '\'' -> find('\'', from + 1);
      default -> -1;
    };
  }

  private int find(char closing, int from) {
    int known = closings.getOrDefault(closing, -1);
    if (known < from) {
      int found = prompt.indexOf(closing, from);
      known = found < 0 ? Integer.MAX_VALUE : found;
      closings.put(closing, known);
    }
    return known - from < LONGEST_QUOTATION ? known : -1;
  }

  private char charAt(int index) {
    return index < prompt.length() ? prompt.charAt(index) : 0;
  }

  private boolean isDigit(int index) {
    return charAt(index) >= '0' && charAt(index) <= '9';
  }
}
