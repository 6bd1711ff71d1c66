package dev.capstan.llm.stage;

import dev.capstan.kernel.Money;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How far an attempt got: what is known of it even when it is broken off. */
final class Progress {
  private Tariff.@Nullable Quote quote;
  private boolean asked;
  private long askedAt;
  private long endedAt;
  private Money cost = Money.ZERO;

  void quoted(Tariff.Quote worst) {
    quote = worst;
  }

  void asks(long nanos) {
    asked = true;
    askedAt = nanos;
    endedAt = nanos;
  }

  void ends(long nanos) {
    endedAt = nanos;
  }

  void costs(Money money) {
    cost = money;
  }

  Tariff.Quote quote() {
    return Objects.requireNonNull(quote, "nothing is asked before it has a price");
  }

  /** Whether the provider was asked at all. */
  boolean wasAsked() {
    return asked;
  }

  long askedAt() {
    return askedAt;
  }

  /** How long the provider took. */
  Duration took() {
    return Duration.ofNanos(endedAt - askedAt);
  }

  Money cost() {
    return cost;
  }
}
