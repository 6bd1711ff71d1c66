package dev.capstan.plan.expression;

import com.dashjoin.jsonata.Parser.Symbol;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one evaluation may spend. The work is counted rather than timed, so that an expression which
 * passes today passes on a slower machine and in a replay; the time is only the last resort.
 */
final class Budget {
  static final ScopedValue<Budget> CURRENT = ScopedValue.newInstance();

  /** Evaluations of a sub-expression, 1/64 of a list's length each time one appears, and so on. */
  private static final long MOST_WORK = 1_000_000;

  private static final long MOST_CHARACTERS_MATCHED = 20_000_000;
  private static final int MOST_DEPTH = 400;

  /** Values that the expression makes, nested ones as often as they would be written. */
  private static final long MOST_WEIGHT = 1_000_000;

  private static final int LONGEST_WILDCARD = 10_000;
  private static final int LONGEST_TEXT = 4 * 1024 * 1024;
  private static final long LAST_RESORT_NANOS = 2_000_000_000L;
  private static final int CHECK_TIME_EVERY = 1_024;

  private final IdentityHashMap<Object, Long> weights = new IdentityHashMap<>();
  private final long started = System.nanoTime();
  private final boolean wildcard;
  private long work;
  private long matched;
  private int depth;

  Budget(boolean wildcard) {
    this.wildcard = wildcard;
  }

  /** An expression that was stopped because it costs too much. */
  static final class Spent extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Spent(String message) {
      super(message, null, false, false);
    }
  }

  void enter(Symbol part, @Nullable Object input) {
    work(1);
    if (++depth > MOST_DEPTH) {
      throw new Spent("it nests deeper than " + MOST_DEPTH + "; does it call itself for ever?");
    }
    if (wildcard && input instanceof List<?> list && list.size() > LONGEST_WILDCARD) {
      throw new Spent("a wildcard was used on a list longer than " + LONGEST_WILDCARD);
    }
  }

  void leave(Symbol part, @Nullable Object result) {
    depth--;
    if (result instanceof List<?> list) {
      work(list.size() / 64);
      weigh(result, 0);
    } else if (result instanceof Map<?, ?>) {
      weigh(result, 0);
    } else if (result instanceof String text) {
      text(text.length());
    }
  }

  /** Pays for a text of this length. */
  void text(long length) {
    longest(length);
    work(length / 256);
  }

  void longest(long length) {
    if (length > LONGEST_TEXT) {
      throw new Spent("it makes a text longer than " + LONGEST_TEXT + " characters");
    }
  }

  /** Counts a character that a regular expression looks at. */
  void matched() {
    if (++matched > MOST_CHARACTERS_MATCHED) {
      throw new Spent("a regular expression takes too long");
    }
  }

  void work(long amount) {
    long before = work;
    work += amount;
    if (work > MOST_WORK) {
      throw new Spent("it takes too long; does it go on for ever?");
    }
    if (before / CHECK_TIME_EVERY != work / CHECK_TIME_EVERY
        && System.nanoTime() - started > LAST_RESORT_NANOS) {
      throw new Spent("it takes too long");
    }
  }

  /** Values shared many times over weigh as often as they would be written. */
  private long weigh(@Nullable Object value, int level) {
    if (value instanceof String text) {
      return 1L + text.length() / 16;
    }
    if (value instanceof LazyObject || value instanceof LazyList) {
      return level == 0 ? 1 : weightOfGiven(value);
    }
    if (!(value instanceof List<?>) && !(value instanceof Map<?, ?>)) {
      return 1;
    }
    Long known = weights.get(value);
    if (known != null) {
      return known;
    }
    if (level > MOST_DEPTH) {
      throw new Spent("its value nests deeper than " + MOST_DEPTH);
    }
    long sum = 1;
    for (Object child : value instanceof Map<?, ?> map ? map.values() : (List<?>) value) {
      sum = checked(sum + weigh(child, level + 1));
    }
    weights.put(value, sum);
    return sum;
  }

  private long weightOfGiven(Object value) {
    return weights.computeIfAbsent(
        value,
        given ->
            given instanceof LazyObject object
                ? Bridge.weight(object.node())
                : Bridge.weight(((LazyList) given).node()));
  }

  private static long checked(long weight) {
    if (weight > MOST_WEIGHT) {
      throw new Spent("it makes more than " + MOST_WEIGHT + " values");
    }
    return weight;
  }
}
