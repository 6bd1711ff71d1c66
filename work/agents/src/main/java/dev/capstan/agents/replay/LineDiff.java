package dev.capstan.agents.replay;

import java.util.ArrayList;
import java.util.List;

/** The lines in which two texts differ, with a line of what they share around them. */
public final class LineDiff {
  /** Of those between the first and the last that differ. */
  private static final int MOST_LINES = 1_500;

  private static final int SHOWN = 40;

  private final List<String> lead;
  private final List<String> before;
  private final List<String> after;
  private final List<String> tail;
  private final int[][] shared;
  private final int beyond;

  private LineDiff(String one, String other) {
    List<String> whole = one.lines().toList();
    List<String> others = other.lines().toList();
    int shorter = Math.min(whole.size(), others.size());
    int from = 0;
    while (from < shorter && whole.get(from).equals(others.get(from))) {
      from++;
    }
    int same = 0;
    while (same < shorter - from
        && whole.get(whole.size() - 1 - same).equals(others.get(others.size() - 1 - same))) {
      same++;
    }
    lead = whole.subList(Math.max(0, from - 1), from);
    tail = whole.subList(whole.size() - same, whole.size()).stream().limit(1).toList();
    List<String> differs = whole.subList(from, whole.size() - same);
    List<String> differ = others.subList(from, others.size() - same);
    before = differs.subList(0, Math.min(MOST_LINES, differs.size()));
    after = differ.subList(0, Math.min(MOST_LINES, differ.size()));
    beyond = differs.size() - before.size() + differ.size() - after.size();
    shared = shared(before, after);
  }

  /** How many lines the rests of both have in common, from any line of the one and the other. */
  private static int[][] shared(List<String> before, List<String> after) {
    int[][] shared = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        shared[i][j] =
            before.get(i).equals(after.get(j))
                ? shared[i + 1][j + 1] + 1
                : Math.max(shared[i + 1][j], shared[i][j + 1]);
      }
    }
    return shared;
  }

  /** How many lines only one of them has; where they differ in very many, an upper bound. */
  static int distance(String before, String after) {
    LineDiff diff = new LineDiff(before, after);
    return diff.before.size() + diff.after.size() - 2 * diff.shared[0][0] + diff.beyond;
  }

  /** {@code - line}, {@code + line} and two blanks before a shared line; not too many of them. */
  public static List<String> of(String before, String after) {
    LineDiff diff = new LineDiff(before, after);
    List<String> all = diff.all();
    List<String> near = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (isChange(all, i) || isChange(all, i - 1) || isChange(all, i + 1)) {
        near.add(all.get(i));
      }
    }
    int more = Math.max(0, near.size() - SHOWN) + diff.beyond;
    if (more == 0) {
      return near;
    }
    List<String> cut = new ArrayList<>(near.subList(0, Math.min(SHOWN, near.size())));
    cut.add("… and " + more + " more lines");
    return cut;
  }

  private static boolean isChange(List<String> lines, int at) {
    return at >= 0 && at < lines.size() && !lines.get(at).startsWith("  ");
  }

  private List<String> all() {
    List<String> lines = new ArrayList<>();
    lead.forEach(line -> lines.add("  " + line));
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
    tail.forEach(line -> lines.add("  " + line));
    return lines;
  }
}
