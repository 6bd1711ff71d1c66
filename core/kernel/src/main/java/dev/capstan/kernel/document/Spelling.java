package dev.capstan.kernel.document;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Which known word was meant. */
public final class Spelling {
  private static final int LONGEST = 60;

  /** With more candidates than this, comparing them all costs more than the help is worth. */
  private static final int MOST = 2_000;

  private Spelling() {}

  /** {@code did you mean 'calculator'?} */
  public static Optional<String> suggestion(String word, Collection<String> known) {
    return nearest(word, known).map(near -> "did you mean '" + near + "'?");
  }

  public static Optional<String> nearest(String word, Collection<String> known) {
    if (word.length() > LONGEST) {
      return Optional.empty();
    }
    String best = null;
    int least = Math.max(1, word.length() / 3) + 1;
    int compared = 0;
    for (String candidate : known) {
      if (compared++ > MOST) {
        break;
      }
      int distance = distance(word, candidate, least);
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Edits, a swap of neighbours counting as one; case and {@code -} for {@code _} cost nothing. */
  private static int distance(String left, String right, int enough) {
    String a = plain(left);
    String b = plain(right);
    if (Math.abs(a.length() - b.length()) >= enough) {
      return enough;
    }
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      cost[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      cost[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int change = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int least = Math.min(change, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        cost[i][j] = swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
      }
    }
    return cost[a.length()][b.length()];
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace('-', '_');
  }
}
