package dev.capstan.agents.pattern;

import java.util.List;

/**
 * Numbers in words, from zero to a little under a thousand million: "twenty-five", "two hundred".
 */
final class NumberWords {
  private static final List<String> SMALL =
      List.of(
          "zero",
          "one",
          "two",
          "three",
          "four",
          "five",
          "six",
          "seven",
          "eight",
          "nine",
          "ten",
          "eleven",
          "twelve",
          "thirteen",
          "fourteen",
          "fifteen",
          "sixteen",
          "seventeen",
          "eighteen",
          "nineteen",
          "twenty");
  private static final List<String> TENS =
      List.of("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety");

  private NumberWords() {}

  /**
   * A number and the words it takes.
   *
   * @param words 0 when no number begins here
   */
  record Found(long value, int words) {}

  static Found at(Words words, int from) {
    long total = 0;
    long group = 0;
    int i = from;
    boolean ended = false;
    while (!ended) {
      String word = words.at(i).kind() == Word.Kind.WORD ? words.at(i).text() : "";
      long small = small(word);
      if (small >= 0 && group % 100 == 0 && (small > 0 || i == from)) {
        group += small;
      } else if (small > 0 && small < 10 && group % 100 >= 20 && group % 10 == 0) {
        group += small;
      } else if (word.equals("hundred") && group > 0 && group < 10) {
        group *= 100;
      } else if (word.equals("thousand") && group > 0 && total == 0) {
        total = group * 1_000;
        group = 0;
      } else if (word.equals("million") && group > 0 && total == 0) {
        total = group * 1_000_000;
        group = 0;
      } else {
        ended = true;
        i--;
      }
      i++;
    }
    return new Found(total + group, i - from);
  }

  /** Up to ninety-nine in one word; -1 for any other. */
  private static long small(String word) {
    int known = SMALL.indexOf(word);
    if (known >= 0) {
      return known;
    }
    int hyphen = word.indexOf('-');
    int tens = word.isEmpty() ? -1 : TENS.indexOf(hyphen < 0 ? word : word.substring(0, hyphen));
    if (tens < 0 || hyphen < 0) {
      return tens < 0 ? -1 : tens * 10L;
    }
    int ones = SMALL.indexOf(word.substring(hyphen + 1));
    return ones > 0 && ones < 10 ? tens * 10L + ones : -1;
  }
}
