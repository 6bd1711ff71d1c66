package dev.capstan.memory.minilm;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Cuts text into the pieces that BERT's uncased models know: lower case, no accents, punctuation
 * and Chinese characters by themselves, and of every word the longest known pieces from its left.
 */
final class WordPieces {
  private static final int LONGEST_WORD = 100;
  private static final String INSIDE = "##";

  private final Map<String, Integer> vocabulary;
  private final int unknown;

  /**
   * @param vocabulary pieces and their numbers; those within a word begin with {@code ##}
   */
  WordPieces(Map<String, Integer> vocabulary) {
    this.vocabulary = vocabulary;
    this.unknown = number("[UNK]");
  }

  int number(String piece) {
    Integer number = vocabulary.get(piece);
    if (number == null) {
      throw new IllegalStateException("the vocabulary has no " + piece);
    }
    return number;
  }

  /** The numbers of the text's pieces, without those that mark beginning and end. */
  List<Integer> of(String text) {
    List<Integer> pieces = new ArrayList<>();
    for (String word : words(text)) {
      cut(word, pieces);
    }
    return pieces;
  }

  private static List<String> words(String text) {
    String plain = Normalizer.normalize(clean(text).toLowerCase(Locale.ROOT), Normalizer.Form.NFD);
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    plain
        .codePoints()
        .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
        .forEach(c -> {
          boolean alone = isPunctuation(c) || isChinese(c);
          if (alone || isBlank(c)) {
            flush(word, words);
          }
          if (alone) {
            words.add(Character.toString(c));
          } else if (!isBlank(c)) {
            word.appendCodePoint(c);
          }
        });
    flush(word, words);
    return words;
  }

  private static void flush(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  /** Without what nobody sees. */
  private static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .filter(c -> c != 0xFFFD && (isBlank(c) || !isControl(c)))
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private static boolean isControl(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  private static boolean isBlank(int c) {
    return c == '\t' || c == '\n' || c == '\r' || Character.isSpaceChar(c);
  }

  /** All of ASCII that is neither letter nor digit counts. */
  private static boolean isPunctuation(int c) {
    if (c < 0x80) {
      return c > ' ' && c < 0x7F && !Character.isLetterOrDigit(c);
    }
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  private static boolean isWithin(int c, int first, int last) {
    return c >= first && c <= last;
  }

  private static boolean isChinese(int c) {
    return isWithin(c, 0x4E00, 0x9FFF)
        || isWithin(c, 0x3400, 0x4DBF)
        || isWithin(c, 0x20000, 0x2CEAF)
        || isWithin(c, 0xF900, 0xFAFF)
        || isWithin(c, 0x2F800, 0x2FA1F);
  }

  /** Adds the word's pieces, or one unknown piece when any part of it is not known. */
  private void cut(String word, List<Integer> pieces) {
    int before = pieces.size();
    int from = word.codePointCount(0, word.length()) > LONGEST_WORD ? -1 : 0;
    while (from >= 0 && from < word.length()) {
      int to = word.length();
      Integer found = null;
      while (found == null && to > from) {
        String piece = word.substring(from, to);
        found = vocabulary.get(from == 0 ? piece : INSIDE + piece);
        to = found == null ? to - 1 : to;
      }
      if (found == null) {
        from = -1;
      } else {
        pieces.add(found);
        from = to;
      }
    }
    if (from < 0) {
      pieces.subList(before, pieces.size()).clear();
      pieces.add(unknown);
    }
  }
}
