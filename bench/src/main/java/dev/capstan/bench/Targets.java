package dev.capstan.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures of one bench beside what was promised. */
final class Targets {
  private static final String ASSERT = "--assert";

  private record Figure(String what, double value, String sign, double target, boolean met) {
    String line() {
      return String.format(
          Locale.ROOT,
          "figure    %-52s %12.2f   %s %.2f  %s",
          what,
          value,
          sign,
          target,
          met ? "met" : "MISSED");
    }
  }

  private final List<Figure> figures = new ArrayList<>();

  void atLeast(String what, double value, double target) {
    figures.add(new Figure(what, value, ">=", target, value >= target));
  }

  void atMost(String what, double value, double target) {
    figures.add(new Figure(what, value, "<=", target, value <= target));
  }

  /** Prints all, and ends the process with 1 when one was missed and {@code --assert} was asked. */
  void conclude(String... args) {
    figures.forEach(figure -> System.out.println(figure.line()));
    boolean missed = figures.stream().anyMatch(figure -> !figure.met());
    if (missed && List.of(args).contains(ASSERT)) {
      System.exit(1);
    }
  }

  /** The arguments that are numbers; these where there are none. */
  static int[] numbers(String[] args, int... otherwise) {
    int[] given =
        List.of(args).stream()
            .filter(arg -> !arg.startsWith("--"))
            .mapToInt(Integer::parseInt)
            .toArray();
    return given.length == 0 ? otherwise : given;
  }
}
