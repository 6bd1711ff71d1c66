package dev.capstan.engine;

import dev.capstan.journal.Health;
import dev.capstan.kernel.Breaker;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an engine is doing, at this moment.
 *
 * @param live runs in memory
 * @param active runs that hold a slot
 * @param queued runs that wait for a slot
 * @param stepsUnderWay attempts that hold a step slot
 * @param stepsQueued attempts that wait for one
 * @param recovered runs of dead owners that were taken over since the start
 */
public record EngineStatus(
    long worker,
    int live,
    int active,
    int queued,
    int stepsUnderWay,
    int stepsQueued,
    int recovered,
    boolean recovering,
    Health journal,
    List<Circuit> breakers) {
  /**
   * A tool's breaker.
   *
   * @param state {@code closed}, {@code open} or {@code half_open}
   */
  public record Circuit(String tool, String state, @Nullable Instant halfOpenAt) {
    static Circuit of(String tool, Breaker.State state) {
      return switch (state) {
        case Breaker.State.Closed _ -> new Circuit(tool, "closed", null);
        case Breaker.State.Open open -> new Circuit(tool, "open", open.halfOpenAt());
        case Breaker.State.HalfOpen _ -> new Circuit(tool, "half_open", null);
      };
    }
  }
}
