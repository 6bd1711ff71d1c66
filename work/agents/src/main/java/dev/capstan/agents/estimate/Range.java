package dev.capstan.agents.estimate;

import dev.capstan.kernel.Money;
import org.jspecify.annotations.Nullable;

/**
 * What something costs.
 *
 * @param most null when nothing is known that bounds it
 */
record Range(Money least, Money likely, @Nullable Money most) {
  static final Range NOTHING = new Range(Money.ZERO, Money.ZERO, Money.ZERO);

  /** Whatever is more is as much: some two million dollars, beyond every budget that there is. */
  private static final Money CEILING = new Money(Long.MAX_VALUE / 4);

  Range plus(Range other) {
    return new Range(
        sum(least, other.least),
        sum(likely, other.likely),
        most == null || other.most == null ? null : sum(most, other.most));
  }

  /** What it costs so many times, 1 to an int's most. */
  Range times(int count) {
    return new Range(
        product(least, count), product(likely, count), most == null ? null : product(most, count));
  }

  private static Money sum(Money one, Money other) {
    return one.min(CEILING).plus(other.min(CEILING)).min(CEILING);
  }

  private static Money product(Money one, int count) {
    return count > 0 && one.pico() > CEILING.pico() / count ? CEILING : one.times(count);
  }

  /** Never more than this, whatever was thought to be likely. */
  Range within(@Nullable Money cap) {
    if (cap == null) {
      return this;
    }
    Money bounded = most == null ? cap : most.min(cap);
    return new Range(least.min(bounded), likely.min(bounded), bounded);
  }

  Range from(Money lower) {
    return new Range(least.min(lower), likely, most);
  }
}
