package dev.capstan.server.settings;

import java.util.Collection;
import java.util.Optional;

/** Which known name was meant by one that is not known. */
final class Nearest {
  private static final int LONGEST = 80;

  private Nearest() {}

  static Optional<String> to(String word, Collection<String> known) {
    String best = null;
    int least = Math.max(2, word.length() / 3);
    for (String candidate : word.length() > LONGEST ? java.util.List.<String>of() : known) {
      int distance = edits(word, candidate);
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return Optional.ofNullable(best);
  }

  private static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
