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
    private final Breaker model;
    private final Breaker provider;
    private volatile Instant restsUntil = Instant.EPOCH;

    /**
     * A model's health.
     *
     * @param provider tripped by what no model of this provider can answer, such as an unpaid bill;
     *     shared by all of its models
     */
    public Health(Breaker.Rules rules, Breaker provider) {
      this.model = new Breaker(rules);
      this.provider = provider;
    }

    public Health(Breaker.Rules rules) {
      this(rules, new Breaker(rules));
    }

    /** Whether it may be asked now; then one of the four below must follow. */
    boolean permits(Instant now) {
      if (!provider.permits(now)) {
        return false;
      }
      if (!model.permits(now)) {
        provider.left();
        return false;
      }
      return true;
    }

    void succeeded() {
      provider.succeeded();
      model.succeeded();
    }

    void failed(Instant now) {
      provider.left();
      model.failed(now);
    }

    void tripped(Instant now) {
      provider.trip(now);
      model.left();
    }

    void left() {
      provider.left();
      model.left();
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
      return later(shutUntil(now), restsUntil.isAfter(now) ? restsUntil : null);
    }

    /** When the breakers let somebody try, if they let nobody now. */
    public @Nullable Instant shutUntil(Instant now) {
      return later(shutUntil(provider, now), shutUntil(model, now));
    }

    private static @Nullable Instant shutUntil(Breaker breaker, Instant now) {
      return breaker.state() instanceof Breaker.State.Open open && now.isBefore(open.halfOpenAt())
          ? open.halfOpenAt()
          : null;
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
      if (one == null || other == null) {
        return one == null ? other : one;
      }
      return one.isAfter(other) ? one : other;
    }
  }
}
