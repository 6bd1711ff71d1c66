package dev.capstan.llm.stage;

import dev.capstan.kernel.Money;
import dev.capstan.llm.Origin;
import dev.capstan.llm.chat.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Counts what passes the gateway. Quick, and never throws. */
public interface Meter {
  /** Counts nothing. */
  Meter NONE =
      new Meter() {
        @Override
        public void called(Called called) {}

        @Override
        public void cached(Origin origin, String model, boolean hit) {}

        @Override
        public void declined(Origin origin, String provider, String model, String why) {}

        @Override
        public void waited(String what, Duration howLong) {}
      };

  /**
   * One attempt at a provider, for {@code llm_api_calls_total{provider,status}}, {@code
   * llm_tokens_total{provider}} and OpenTelemetry's {@code gen_ai.client.operation.duration}.
   *
   * @param dialect OpenTelemetry's {@code gen_ai.provider.name}
   * @param status {@code success}, a fault's name, or {@code cancelled}
   * @param firstChunk from asking to the first piece; null when none came or none was wanted
   */
  record Called(
      Origin origin,
      String provider,
      String dialect,
      String model,
      String status,
      Usage usage,
      Money cost,
      Duration took,
      @Nullable Duration firstChunk) {}

  void called(Called called);

  /**
   * A question that may be answered from the cache was or was not, for {@code cache_hits_total}.
   */
  void cached(Origin origin, String model, boolean hit);

  /**
   * An attempt that was not made.
   *
   * @param why {@code budget}, {@code limit}, {@code breaker} or {@code ledger}
   */
  void declined(Origin origin, String provider, String model, String why);

  /**
   * A wait begins, which {@link #waited} will end.
   *
   * @param what as there
   */
  default void waits(String what) {}

  /**
   * A wait is over.
   *
   * @param what {@code limit}, {@code budget}, {@code provider} or {@code same_question}
   */
  void waited(String what, Duration howLong);
}
