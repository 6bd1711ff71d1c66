package dev.capstan.cli.diff;

import dev.capstan.kernel.Money;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Two runs, side by side.
 *
 * @param inputs where what they were given differs
 * @param outputs where what they came to differs
 */
public record RunDiff(
    Side first, Side second, List<Change> inputs, List<StepDiff> steps, List<Change> outputs) {
  /**
   * One of the runs.
   *
   * @param cost of all that models did for it
   * @param took in milliseconds; null when it has not ended
   * @param failure why it failed, or null
   */
  public record Side(
      String id,
      String name,
      String status,
      Money cost,
      @Nullable Long took,
      @Nullable String failure) {}

  /**
   * A run and what it did cost.
   *
   * @param run as {@code GET /runs/ID} shows it
   * @param steps its costs by step, as {@code GET /costs} shows them
   * @param all its costs by run
   */
  public record Told(JsonNode run, JsonNode steps, JsonNode all) {
    private Side side() {
      String failure = run.path("failure").path("detail").asString("");
      return new Side(
          run.path("id").asString(""),
          run.path("name").asString(""),
          run.path("status").asString(""),
          Money.dollars(all.path("cost").asString("0")),
          StepDiff.took(run),
          failure.isEmpty() ? null : failure);
    }

    /** By step, the items of a list together. */
    private Map<String, Money> costs() {
      Map<String, Money> costs = new HashMap<>();
      for (JsonNode sum : steps.path("items").values()) {
        String step = sum.path("who").path("step").asString("");
        int item = step.indexOf('[');
        costs.merge(
            item < 0 ? step : step.substring(0, item),
            Money.dollars(sum.path("cost").asString("0")),
            Money::plus);
      }
      return costs;
    }
  }

  public static RunDiff of(Told first, Told second) {
    return new RunDiff(
        first.side(),
        second.side(),
        ValueDiff.of(first.run().get("inputs"), second.run().get("inputs")),
        StepDiff.of(first.run(), second.run(), first.costs(), second.costs()),
        ValueDiff.of(first.run().get("outputs"), second.run().get("outputs")));
  }

  /** Whether they did the same and came to the same; what it took and cost is not counted. */
  public boolean isSame() {
    return first.status().equals(second.status())
        && inputs.isEmpty()
        && outputs.isEmpty()
        && steps.stream().allMatch(StepDiff::isSame);
  }
}
