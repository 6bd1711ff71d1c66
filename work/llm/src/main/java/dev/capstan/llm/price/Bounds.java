package dev.capstan.llm.price;

import dev.capstan.kernel.Money;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * By how much each model's worst case is raised, because its vendor once billed beyond it: for the
 * life of the process, and never lowered.
 */
public final class Bounds {
  private static final long WHOLE = 1_000;

  /** A little beyond what was seen, in parts of a thousand. */
  private static final long MARGIN = 100;

  private static final long HIGHEST = 100 * WHOLE;

  private final Map<String, Long> factors = new ConcurrentHashMap<>();

  private static String key(String provider, String model) {
    return provider + "\n" + model;
  }

  /** So many tokens, raised as far as this model has taught us. */
  public long raised(String provider, String model, long tokens) {
    long factor = factors.getOrDefault(key(provider, model), WHOLE);
    return factor == WHOLE ? tokens : Math.addExact(Math.multiplyExact(tokens, factor) / WHOLE, 1);
  }

  /**
   * A call cost more than the worst case that was reserved for it. Later ones are bounded by what
   * this one took and a tenth more.
   */
  public void exceeded(String provider, String model, Money reserved, Money cost) {
    if (cost.compareTo(reserved) <= 0) {
      return;
    }
    long now = factors.getOrDefault(key(provider, model), WHOLE);
    double over = (double) cost.pico() / Math.max(1, reserved.pico());
    long raised = Math.clamp((long) Math.ceil(now * over) + MARGIN, WHOLE, HIGHEST);
    factors.merge(key(provider, model), raised, Math::max);
  }
}
