package dev.capstan.cli.picture;

import dev.capstan.cli.diff.Change;
import dev.capstan.cli.diff.LineDiff;
import dev.capstan.cli.diff.RunDiff;
import dev.capstan.cli.diff.StepDiff;
import dev.capstan.cli.terminal.Safe;
import dev.capstan.cli.terminal.Times;
import dev.capstan.kernel.Money;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Two runs as lines of text: {@code -} is of the first, {@code +} of the second. */
public final class DiffPicture {
  private static final int MOST_CHANGES = 20;
  private static final int MOST_LINES = 40;

  private final Look look;
  private final List<String> lines = new ArrayList<>();

  private DiffPicture(Look look) {
    this.look = look;
  }

  public static List<String> draw(RunDiff diff, Look look) {
    DiffPicture picture = new DiffPicture(look);
    picture.side("-", diff.first());
    picture.side("+", diff.second());
    picture.totals(diff);
    picture.changes("inputs", diff.inputs());
    diff.steps().forEach(picture::step);
    picture.changes("outputs", diff.outputs());
    if (diff.isSame()) {
      picture.say("  " + look.paint().good("the same steps, inputs and outputs"));
    }
    return picture.lines;
  }

  private void say(String line) {
    lines.add(line);
  }

  private String dyed(String sign, String text) {
    String clipped = Safe.clip(text, look.columns());
    return switch (sign) {
      case "-" -> look.paint().bad(clipped);
      case "+" -> look.paint().good(clipped);
      default -> clipped;
    };
  }

  private void side(String sign, RunDiff.Side run) {
    say(
        dyed(
            sign,
            sign
                + " "
                + Safe.line(run.id())
                + "  "
                + Mark.sign(run.status(), 0)
                + " "
                + Safe.line(run.status().replace('_', ' '))
                + "  $"
                + run.cost()
                + time("  ", run.took())
                + "  "
                + Safe.line(run.name())));
  }

  private static String time(String before, @Nullable Long millis) {
    return millis == null ? "" : before + Times.length(Duration.ofMillis(millis));
  }

  private void totals(RunDiff diff) {
    String delta =
        delta(diff.first().cost(), diff.first().took(), diff.second().cost(), diff.second().took());
    if (!delta.isEmpty()) {
      say(Safe.clip("  Δ" + delta, look.columns()));
    }
  }

  /** What it cost and took more or less; empty when that is nothing. */
  private static String delta(
      Money cost, @Nullable Long took, Money otherCost, @Nullable Long otherTook) {
    Money more = otherCost.minus(cost);
    String money =
        more.equals(Money.ZERO)
            ? ""
            : more.isPositive() ? "  +$" + more : "  -$" + Money.ZERO.minus(more);
    if (took == null || otherTook == null || took.equals(otherTook)) {
      return money;
    }
    long longer = otherTook - took;
    return money + (longer > 0 ? "  +" : "  -") + Times.length(Duration.ofMillis(Math.abs(longer)));
  }

  private void step(StepDiff step) {
    StepDiff.Side first = step.first();
    StepDiff.Side second = step.second();
    if (first == null || second == null) {
      String sign = first == null ? "+" : "-";
      StepDiff.Side only = first == null ? second : first;
      if (only != null) {
        say(dyed(sign, sign + " " + Safe.line(step.id()) + "  " + told(only)));
      }
      return;
    }
    String delta = delta(first.cost(), first.took(), second.cost(), second.took());
    String sign = step.isSame() ? "=" : "~";
    String headline = Safe.clip(sign + " " + Safe.line(step.id()) + delta, look.columns());
    say(step.isSame() ? look.paint().quiet(headline) : look.paint().strong(headline));
    if (!told(first).equals(told(second)) && !isLike(first, second)) {
      say(dyed("-", "  - " + told(first)));
      say(dyed("+", "  + " + told(second)));
    }
    changes("output", step.changes());
  }

  private static boolean isLike(StepDiff.Side one, StepDiff.Side other) {
    return ended(one).equals(ended(other));
  }

  private static String ended(StepDiff.Side step) {
    String tool = step.tool() == null ? "" : "  " + Safe.line(step.tool());
    String failure = step.failure() == null ? "" : ": " + Safe.line(step.failure());
    return Mark.sign(step.status(), 0) + " " + Safe.line(step.status()) + failure + tool;
  }

  private static String told(StepDiff.Side step) {
    String cost = step.cost().equals(Money.ZERO) ? "" : "  $" + step.cost();
    return ended(step) + cost + time("  ", step.took());
  }

  private void changes(String of, List<Change> changes) {
    for (Change change : changes.subList(0, Math.min(MOST_CHANGES, changes.size()))) {
      change(of, change);
    }
    if (changes.size() > MOST_CHANGES) {
      quiet("    … and " + (changes.size() - MOST_CHANGES) + " more: --json shows them");
    }
  }

  private void quiet(String line) {
    say(look.paint().quiet(Safe.clip(line, look.columns())));
  }

  private void change(String of, Change change) {
    String path = change.path();
    String dot = path.isEmpty() || path.startsWith("[") ? "" : ".";
    quiet("  " + of + dot + Safe.line(path));
    JsonNode from = change.from();
    JsonNode to = change.to();
    if (from != null && to != null && from.isString() && to.isString()) {
      texts(from.stringValue(), to.stringValue());
      return;
    }
    if (from != null) {
      say(dyed("-", "    - " + Values.brief(from, look.columns())));
    }
    if (to != null) {
      say(dyed("+", "    + " + Values.brief(to, look.columns())));
    }
  }

  private void texts(String from, String to) {
    List<String> all = LineDiff.of(from, to);
    for (String line : all.subList(0, Math.min(MOST_LINES, all.size()))) {
      say(dyed(line.substring(0, 1), "    " + Safe.line(line)));
    }
    if (all.size() > MOST_LINES) {
      quiet("    … and " + (all.size() - MOST_LINES) + " more lines: --json shows all");
    }
  }
}
