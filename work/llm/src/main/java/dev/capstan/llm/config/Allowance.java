package dev.capstan.llm.config;

import dev.capstan.kernel.Money;
import org.jspecify.annotations.Nullable;

/**
 * What somebody or something may use.
 *
 * @param perDay dollars per day of UTC; null for no bound
 * @param perMonth dollars per month of UTC; null for no bound
 */
public record Allowance(Rates rates, @Nullable Money perDay, @Nullable Money perMonth) {
  public static final Allowance NONE = new Allowance(Rates.NONE, null, null);
}
