package dev.capstan.cli.diff;

import dev.capstan.kernel.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A step as each of two runs had it.
 *
 * @param first null when only the second run has it
 * @param second null when only the first run has it
 * @param changes of the output
 */
public record StepDiff(
    String id, @Nullable Side first, @Nullable Side second, List<Change> changes) {
  /**
   * A step of one run.
   *
   * @param cost of all that models did for it, its items together
   * @param took in milliseconds; null when it has not both begun and ended
   * @param failure why it failed, or null
   */
  public record Side(
      String status,
      @Nullable String tool,
      Money cost,
      @Nullable Long took,
      @Nullable String failure) {
    private static Side of(JsonNode step, Map<String, Money> costs) {
      String failure = step.path("failure").path("detail").asString("");
      String tool = step.path("tool").asString("");
      return new Side(
          step.path("status").asString(""),
          tool.isEmpty() ? null : tool,
          costs.getOrDefault(step.path("id").asString(""), Money.ZERO),
          StepDiff.took(step),
          failure.isEmpty() ? null : failure);
    }

    private boolean isLike(Side other) {
      return status.equals(other.status)
          && Objects.equals(tool, other.tool)
          && Objects.equals(failure, other.failure);
    }
  }

  /** Whether both runs have it and it ended alike; what it took and cost is not counted. */
  public boolean isSame() {
    return first != null && second != null && first.isLike(second) && changes.isEmpty();
  }

  /** Steps of the same id stand together, in the order of the first run. */
  static List<StepDiff> of(
      JsonNode first, JsonNode second, Map<String, Money> costs, Map<String, Money> others) {
    Map<String, JsonNode> mine = byId(first);
    Map<String, JsonNode> theirs = byId(second);
    List<StepDiff> steps = new ArrayList<>();
    mine.forEach((id, step) -> {
      JsonNode other = theirs.remove(id);
      steps.add(
          new StepDiff(
              id,
              Side.of(step, costs),
              other == null ? null : Side.of(other, others),
              other == null ? List.of() : ValueDiff.of(step.get("output"), other.get("output"))));
    });
    theirs.forEach(
        (id, step) -> steps.add(new StepDiff(id, null, Side.of(step, others), List.of())));
    return List.copyOf(steps);
  }

  private static Map<String, JsonNode> byId(JsonNode run) {
    Map<String, JsonNode> steps = new LinkedHashMap<>();
    for (JsonNode step : run.path("steps").values()) {
      steps.put(step.path("id").asString(""), step);
    }
    return steps;
  }

  /** From {@code started_at} to {@code ended_at}. */
  static @Nullable Long took(JsonNode body) {
    String from = body.path("started_at").asString("");
    String to = body.path("ended_at").asString("");
    return from.isEmpty() || to.isEmpty()
        ? null
        : Duration.between(Instant.parse(from), Instant.parse(to)).toMillis();
  }
}
