package dev.capstan.llm.limit;

import dev.capstan.llm.Patience;
import java.util.List;

/**
 * Admits calls within their limits. In no window of a limit's length, wherever it begins, is more
 * admitted than the limit says.
 */
public interface Limiter {
  /**
   * Waits until all of the limits have room, in order of arrival among those who want the same. A
   * single call that asks for more tokens than a limit ever has room for is refused at once.
   */
  Entry enter(List<Limit> limits, long tokens, Patience patience) throws InterruptedException;

  /** The answer to a wish to enter. */
  sealed interface Entry {
    record Entered(Pass pass) implements Entry {}

    /** There was no room in time, or never is. */
    record TurnedAway(Limit limit, java.time.@org.jspecify.annotations.Nullable Instant freeAt)
        implements Entry {}
  }

  /** A call that is under way. */
  interface Pass extends AutoCloseable {
    /** Says how many tokens it did use: fewer free room, more fill it. */
    void used(long tokens);

    /** The call was never made: it counts for nothing. Closes the pass. */
    void unused();

    /** The call is over: its place among the concurrent ones is free. */
    @Override
    void close();
  }
}
