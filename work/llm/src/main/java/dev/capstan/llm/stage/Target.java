package dev.capstan.llm.stage;

import dev.capstan.kernel.Breaker;
import dev.capstan.llm.provider.ModelProvider;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A model at a provider, which several routes may lead to.
 *
 * @param model by the vendor's name
 * @param timeout for one attempt, from asking to the last byte
 * @param idleTimeout the longest silence within it
 * @param health whether it is to be asked at the moment
 */
public record Target(
    ModelProvider provider, String model, Duration timeout, Duration idleTimeout, Health health) {
  /** {@code openai-main gpt-5-mini}. */
  @Override
  public String toString() {
    return provider.name() + " " + model;
  }

  /** What is known of a target's health; shared by all routes to it. */
  public static final class Health {
    private final Breaker breaker;
    private volatile Instant restsUntil = Instant.EPOCH;

    public Health(Breaker.Rules rules) {
      this.breaker = new Breaker(rules);
    }

    public Breaker breaker() {
      return breaker;
    }

    /** The vendor said that it is not to be asked before. */
    void rests(Instant until) {
      if (until.isAfter(restsUntil)) {
        restsUntil = until;
      }
    }

    /** When the vendor may be asked again, by its own word; in the past when now. */
    Instant restsUntil() {
      return restsUntil;
    }

    /** When it may be asked again, if not now. */
    @Nullable Instant freeAt(Instant now) {
      Instant shut = shutUntil(now);
      Instant rests = restsUntil.isAfter(now) ? restsUntil : null;
      if (shut == null || rests == null) {
        return shut == null ? rests : shut;
      }
      return shut.isAfter(rests) ? shut : rests;
    }

    /** When the breaker lets somebody try, if it lets nobody now. */
    @Nullable Instant shutUntil(Instant now) {
      return breaker.state() instanceof Breaker.State.Open open && now.isBefore(open.halfOpenAt())
          ? open.halfOpenAt()
          : null;
    }
  }
}
