package dev.capstan.agents.replay;

import java.util.ArrayList;
import java.util.List;

/** The lines in which two texts differ, with a line of what they share around them. */
public final class LineDiff {
  private static final int MOST_LINES = 1_500;
  private static final int SHOWN = 40;

  private final List<String> before;
  private final List<String> after;
  private final int[][] shared;

  private LineDiff(String before, String after) {
    this.before = lines(before);
    this.after = lines(after);
    this.shared = new int[this.before.size() + 1][this.after.size() + 1];
    for (int i = this.before.size() - 1; i >= 0; i--) {
      for (int j = this.after.size() - 1; j >= 0; j--) {
        shared[i][j] =
            this.before.get(i).equals(this.after.get(j))
                ? shared[i + 1][j + 1] + 1
                : Math.max(shared[i + 1][j], shared[i][j + 1]);
      }
    }
  }

  private static List<String> lines(String text) {
    return text.lines().limit(MOST_LINES).toList();
  }

  /** How many lines only one of them has. */
  static int distance(String before, String after) {
    LineDiff diff = new LineDiff(before, after);
    return diff.before.size() + diff.after.size() - 2 * diff.shared[0][0];
  }

  /** {@code - line}, {@code + line} and two blanks before a shared line; not too many of them. */
  public static List<String> of(String before, String after) {
    List<String> all = new LineDiff(before, after).all();
    List<String> near = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (isChange(all, i) || isChange(all, i - 1) || isChange(all, i + 1)) {
        near.add(all.get(i));
      }
    }
    if (near.size() <= SHOWN) {
      return near;
    }
    List<String> cut = new ArrayList<>(near.subList(0, SHOWN));
    cut.add("… and " + (near.size() - SHOWN) + " more lines");
    return cut;
  }

  private static boolean isChange(List<String> lines, int at) {
    return at >= 0 && at < lines.size() && !lines.get(at).startsWith("  ");
  }

  private List<String> all() {
    List<String> lines = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
        lines.add("  " + before.get(i++));
        j++;
      } else if (j == after.size() || (i < before.size() && shared[i + 1][j] >= shared[i][j + 1])) {
        lines.add("- " + before.get(i++));
      } else {
        lines.add("+ " + after.get(j++));
      }
    }
    return lines;
  }
}
