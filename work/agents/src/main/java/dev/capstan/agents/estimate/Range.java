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

  Range plus(Range other) {
    return new Range(
        least.plus(other.least),
        likely.plus(other.likely),
        most == null || other.most == null ? null : most.plus(other.most));
  }

  Range times(long count) {
    return new Range(
        least.times(count), likely.times(count), most == null ? null : most.times(count));
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
