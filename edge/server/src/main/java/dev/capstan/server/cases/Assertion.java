package dev.capstan.server.cases;

import dev.capstan.agents.replay.LineDiff;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.Refusal;
import dev.capstan.plan.Expression;
import dev.capstan.tools.SchemaCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Something that must be true of a run. */
sealed interface Assertion {
  /** What is wrong; empty when it holds. */
  List<String> check(Facts facts);

  record HasStatus(String status) implements Assertion {
    @Override
    public List<String> check(Facts facts) {
      return status.equals(facts.status())
          ? List.of()
          : List.of(
              "the run is "
                  + facts.status()
                  + " and should be "
                  + status
                  + (facts.why().isEmpty() ? "" : ": " + facts.why()));
    }
  }

  record OutputEquals(JsonNode wanted) implements Assertion {
    @Override
    public List<String> check(Facts facts) {
      JsonNode output = facts.output();
      if (output != null && read(output).equals(read(wanted))) {
        return List.of();
      }
      List<String> lines = new ArrayList<>();
      lines.add("the output is not what it should be:");
      lines.addAll(LineDiff.of(Json.pretty(wanted), output == null ? "" : Json.pretty(output)));
      return lines;
    }
  }

  /** Whatever order fields stand in, and however numbers came to be. */
  private static JsonNode read(JsonNode value) {
    return Json.parse(Json.write(value));
  }

  record OutputHolds(String source, Expression expression) implements Assertion {
    @Override
    public List<String> check(Facts facts) {
      try {
        return expression.holds(facts.scope())
            ? List.of()
            : List.of("this does not hold: " + source, "  output: " + shown(facts));
      } catch (Refusal failed) {
        return List.of("this cannot be evaluated: " + source + ": " + failed.problem().detail());
      }
    }
  }

  record OutputFits(SchemaCheck schema) implements Assertion {
    @Override
    public List<String> check(Facts facts) {
      JsonNode output = facts.output();
      if (output == null) {
        return List.of("there is no output to hold against the schema");
      }
      return schema.mistakes(output).stream()
          .map(Mistake::toString)
          .map(mistake -> "the output does not fit the schema: " + mistake)
          .toList();
    }
  }

  /**
   * A model says whether the output will do.
   *
   * @param model null for {@code default}
   */
  record Judged(String rubric, @Nullable String model) implements Assertion {
    /** By the server's name. */
    String judge() {
      return model == null ? "default" : model;
    }

    @Override
    public List<String> check(Facts facts) {
      return List.of();
    }
  }

  record StepsRan(List<String> ran, List<String> notRan, List<String> order) implements Assertion {
    @Override
    public List<String> check(Facts facts) {
      List<String> wrong = new ArrayList<>();
      ran.stream()
          .filter(step -> !facts.steps().contains(step))
          .forEach(step -> wrong.add("step " + step + " did not run"));
      notRan.stream()
          .filter(facts.steps()::contains)
          .forEach(step -> wrong.add("step " + step + " ran and should not have"));
      List<String> these = facts.steps().stream().filter(order::contains).toList();
      if (!order.isEmpty() && !these.equals(order)) {
        wrong.add("the steps ended in the order " + these + " and not " + order);
      }
      return wrong;
    }
  }

  record ToolsCalled(Map<String, Times> called, List<String> notCalled) implements Assertion {
    @Override
    public List<String> check(Facts facts) {
      List<String> wrong = new ArrayList<>();
      called.forEach((tool, times) -> {
        int found = facts.tools().getOrDefault(tool, 0);
        if (found < times.least() || found > times.most()) {
          wrong.add("tool " + tool + " was called " + found + " times and not " + times);
        }
      });
      notCalled.stream()
          .filter(tool -> facts.tools().getOrDefault(tool, 0) > 0)
          .forEach(tool ->
              wrong.add("tool " + tool + " was called " + facts.tools().get(tool) + " times"));
      return wrong;
    }
  }

  /** How often, bounds included. */
  record Times(int least, int most) {
    @Override
    public String toString() {
      if (most == Integer.MAX_VALUE) {
        return "at least " + least;
      }
      return least == most ? Integer.toString(least) : least + " to " + most;
    }
  }

  record MostCost(Money most) implements Assertion {
    @Override
    public List<String> check(Facts facts) {
      return facts.cost().compareTo(most) <= 0
          ? List.of()
          : List.of("it cost " + facts.cost() + " dollars and may cost " + most);
    }
  }

  /** Only where time passes: a rehearsal takes none. */
  record MostTime(Duration most) implements Assertion {
    @Override
    public List<String> check(Facts facts) {
      Duration took = facts.took();
      return took == null || took.compareTo(most) <= 0
          ? List.of()
          : List.of("it took " + took.toMillis() + " ms and may take " + most.toMillis() + " ms");
    }
  }

  /** Checks all of them; what is wrong, in their order. */
  static List<String> checkAll(List<Assertion> asserts, Facts facts) {
    return asserts.stream()
        .flatMap(each -> each.check(facts).stream())
        .collect(Collectors.toList());
  }

  private static String shown(Facts facts) {
    String text = facts.output() == null ? "none" : Json.write(facts.output());
    return text.length() > 500 ? text.substring(0, 500) + "…" : text;
  }
}
