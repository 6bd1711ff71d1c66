package dev.capstan.cli.diff;

import java.util.ArrayList;
import java.util.List;

/** Which lines of a text went and which came, as {@code diff} says it: with - and +. */
public final class LineDiff {
  /** Lines of both texts multiplied; beyond that all of one went and all of the other came. */
  private static final long MOST_WORK = 4_000_000;

  private LineDiff() {}

  /** The lines that differ, each after its sign, and how many alike stand between them. */
  public static List<String> of(String from, String to) {
    List<String> one = from.lines().toList();
    List<String> other = to.lines().toList();
    int[][] common = common(one, other);
    List<String> lines = new ArrayList<>();
    int i = 0;
    int j = 0;
    int alike = 0;
    while (i < one.size() || j < other.size()) {
      if (i < one.size() && j < other.size() && one.get(i).equals(other.get(j))) {
        alike++;
        i++;
        j++;
        continue;
      }
      if (alike > 0) {
        lines.add("  (" + alike + " alike)");
        alike = 0;
      }
      boolean goes =
          j == other.size()
              || (i < one.size() && (common.length == 0 || common[i + 1][j] >= common[i][j + 1]));
      if (goes) {
        lines.add("- " + one.get(i++));
      } else {
        lines.add("+ " + other.get(j++));
      }
    }
    return lines;
  }

  /**
   * The longest common subsequence of what follows each pair of places; none when that is too much
   * work.
   */
  private static int[][] common(List<String> one, List<String> other) {
    if ((long) one.size() * other.size() > MOST_WORK) {
      return new int[0][];
    }
    int[][] common = new int[one.size() + 1][other.size() + 1];
    for (int i = one.size() - 1; i >= 0; i--) {
      for (int j = other.size() - 1; j >= 0; j--) {
        common[i][j] =
            one.get(i).equals(other.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }
}
