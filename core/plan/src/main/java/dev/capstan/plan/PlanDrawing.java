package dev.capstan.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Pictures of plans: Mermaid for pages, text for terminals. */
public final class PlanDrawing {
  private static final int MOST_IN_MERMAID = 500;
  private static final int MOST_LINES = 200;
  private static final int LONGEST_LABEL = 60;

  private PlanDrawing() {}

  /** A Mermaid flowchart; past 500 steps the rest is one node that says how many they are. */
  public static String mermaid(Plan plan) {
    return mermaid(plan, step -> "");
  }

  /**
   * As {@link #mermaid(Plan)}, each step in the class that {@code status} gives for its id, such as
   * {@code completed}; an empty text for none. The page defines what the classes look like.
   */
  public static String mermaid(Plan plan, Function<String, String> status) {
    StringBuilder text = new StringBuilder("flowchart TD\n");
    int shown = Math.min(plan.steps().size(), MOST_IN_MERMAID);
    for (int i = 0; i < shown; i++) {
      Step step = plan.step(i);
      text.append("  s").append(i).append(shape(step, String.join("<br/>", labels(step))));
      String name = status.apply(step.id());
      if (!name.isEmpty()) {
        text.append(":::").append(name.replaceAll("[^A-Za-z0-9_-]", "_"));
      }
      text.append('\n');
    }
    for (int i = 0; i < shown; i++) {
      for (int dependent : sorted(plan.dependents(i))) {
        if (dependent < shown) {
          text.append("  s").append(i).append(" --> s").append(dependent).append('\n');
        }
      }
    }
    if (shown < plan.steps().size()) {
      text.append("  more[\"… and ").append(plan.steps().size() - shown).append(" more steps\"]\n");
    }
    return text.toString();
  }

  private static String shape(Step step, String label) {
    String quoted = "\"" + label + "\"";
    return switch (step.action()) {
      case Action.CallTool call -> "[" + quoted + "]";
      case Action.AwaitTime wait -> "([" + quoted + "])";
      case Action.AwaitSignal signal -> "([" + quoted + "])";
      case Action.AwaitApproval approval -> "{{" + quoted + "}}";
      case Action.RunPlan run -> "[[" + quoted + "]]";
      case Action.Loop loop -> "[[" + quoted + "]]";
    };
  }

  private static List<String> labels(Step step) {
    List<String> lines = new ArrayList<>();
    lines.add("<b>" + escaped(step.id()) + "</b>");
    lines.add(escaped(kind(step.action())));
    for (String note : notes(step)) {
      lines.add("<i>" + escaped(note) + "</i>");
    }
    return lines;
  }

  private static String escaped(String text) {
    String line = shortened(text);
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      boolean plain = Character.isLetterOrDigit(c) || " .,:_-/…×+=".indexOf(c) >= 0;
      safe.append(plain ? String.valueOf(c) : "#" + (int) c + ";");
    }
    return safe.toString();
  }

  private static String shortened(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() > LONGEST_LABEL ? line.substring(0, LONGEST_LABEL) + "…" : line;
  }

  /** What it does, in a few words. */
  private static String kind(Action action) {
    return switch (action) {
      case Action.CallTool call -> call.tool();
      case Action.AwaitTime wait -> "wait " + wait.until().source().asString();
      case Action.AwaitApproval approval -> "approval: " + approval.message().source().asString();
      case Action.AwaitSignal signal -> "signal " + signal.name();
      case Action.RunPlan run -> "plan " + run.plan().header().name();
      case Action.Loop loop ->
          "loop "
              + loop.body().header().name()
              + " until "
              + loop.until().source()
              + ", at most "
              + loop.maxIterations();
    };
  }

  private static List<String> notes(Step step) {
    List<String> notes = new ArrayList<>();
    if (step.when() != null) {
      notes.add("when " + step.when().source());
    }
    if (step.foreach() != null) {
      int most = step.foreach().maxConcurrency();
      notes.add(
          "for each of "
              + step.foreach().items().source()
              + (most > 0 ? ", " + most + " at a time" : ""));
    }
    if (step.retry().maxRetries() > 0) {
      notes.add("retry " + step.retry().maxRetries() + "×");
    }
    if (step.compensate() != null) {
      notes.add("undo with " + step.compensate().tool());
    }
    return notes;
  }

  /**
   * The steps level by level, each after those it waits for; one line a step, at most 200 lines.
   *
   * <pre>
   * release: 3 steps in 2 levels
   * 1 ─ build  echo
   *   ─ test   echo
   * 2 ─ ship   echo  [when …]  ← build, test
   * </pre>
   */
  public static String text(Plan plan) {
    return text(plan, step -> "");
  }

  /** As {@link #text(Plan)}, with what {@code status} says of each step's id before it. */
  public static String text(Plan plan, Function<String, String> status) {
    int[] levels = levels(plan);
    int deepest = 0;
    int width = 0;
    for (int i = 0; i < levels.length; i++) {
      deepest = Math.max(deepest, levels[i]);
      width = Math.max(width, Math.min(30, plan.step(i).id().length()));
    }
    StringBuilder text = new StringBuilder(plan.header().name());
    text.append(": ").append(count(levels.length, "step")).append(" in ");
    text.append(count(levels.length == 0 ? 0 : deepest + 1, "level")).append('\n');
    List<List<Integer>> byLevel = byLevel(levels, deepest);
    int lines = 0;
    for (int level = 0; level <= deepest && lines < MOST_LINES; level++) {
      String mark = String.valueOf(level + 1);
      for (int index : byLevel.get(level)) {
        if (lines++ == MOST_LINES) {
          break;
        }
        Step step = plan.step(index);
        text.append(String.format(Locale.ROOT, "%4s ─ ", mark));
        text.append(line(step, width, status.apply(step.id()))).append('\n');
        mark = "";
      }
    }
    if (levels.length > MOST_LINES) {
      text.append("     … and ").append(levels.length - MOST_LINES).append(" more steps\n");
    }
    return text.toString();
  }

  private static String line(Step step, int width, String status) {
    StringBuilder line = new StringBuilder(status.isEmpty() ? "" : status + " ");
    line.append(String.format(Locale.ROOT, "%-" + Math.max(1, width) + "s", step.id()));
    line.append("  ").append(shortened(kind(step.action())));
    List<String> notes = notes(step);
    if (!notes.isEmpty()) {
      line.append("  [").append(shortened(String.join("; ", notes))).append(']');
    }
    if (!step.dependsOn().isEmpty()) {
      line.append("  ← ").append(shortened(String.join(", ", step.dependsOn())));
    }
    return line.toString();
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private static List<List<Integer>> byLevel(int[] levels, int deepest) {
    List<List<Integer>> byLevel = new ArrayList<>();
    for (int i = 0; i <= deepest; i++) {
      byLevel.add(new ArrayList<>());
    }
    for (int i = 0; i < levels.length; i++) {
      byLevel.get(levels[i]).add(i);
    }
    return byLevel;
  }

  /** For each step the length of the longest way to it. */
  private static int[] levels(Plan plan) {
    int size = plan.steps().size();
    int[] levels = new int[size];
    int[] open = new int[size];
    int[] queue = new int[size];
    int tail = 0;
    for (int i = 0; i < size; i++) {
      open[i] = plan.dependencyCount(i);
      if (open[i] == 0) {
        queue[tail++] = i;
      }
    }
    for (int head = 0; head < tail; head++) {
      for (int dependent : plan.dependents(queue[head])) {
        levels[dependent] = Math.max(levels[dependent], levels[queue[head]] + 1);
        if (--open[dependent] == 0) {
          queue[tail++] = dependent;
        }
      }
    }
    return levels;
  }

  private static Set<Integer> sorted(int[] indexes) {
    Set<Integer> sorted = new TreeSet<>();
    for (int index : indexes) {
      sorted.add(index);
    }
    return sorted;
  }
}
