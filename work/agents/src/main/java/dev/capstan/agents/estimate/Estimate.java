package dev.capstan.agents.estimate;

import dev.capstan.kernel.Money;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The price tag of a plan. Amounts are dollars that models cost; what tools cost elsewhere is not
 * known.
 *
 * @param steps those that ask models
 * @param least when all goes as short as it can
 * @param likely by past runs where there are any
 * @param most the worst case; no more than {@code budget}, which the gateway keeps
 * @param budget of the run
 * @param likelyMs how long past runs took; null when there are none
 * @param unknown what could not be known, in words
 */
public record Estimate(
    String plan,
    List<StepPrice> steps,
    Money least,
    Money likely,
    Money most,
    Money budget,
    @Nullable Long likelyMs,
    List<String> unknown) {
  public Estimate {
    steps = List.copyOf(steps);
    unknown = List.copyOf(unknown);
  }

  /**
   * A step that asks models.
   *
   * @param step its id, after those of the steps whose sub-plans it is in: {@code outer/inner}
   * @param most null when only budgets bound it
   * @param basis what the likely figure comes from
   * @param unknown what could not be known of it, in words
   */
  public record StepPrice(
      String step,
      String agent,
      String model,
      Money least,
      Money likely,
      @Nullable Money most,
      String basis,
      List<String> unknown) {
    public StepPrice {
      unknown = List.copyOf(unknown);
    }
  }
}
