package dev.capstan.llm.stage;

import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.provider.Fault;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Counts every attempt, however it ends. */
final class MeterStage implements Leg {
  private final GatewayParts parts;
  private final Leg next;

  MeterStage(GatewayParts parts, Leg next) {
    this.parts = parts;
    this.next = next;
  }

  @Override
  public Tried attempt(Attempt attempt) throws InterruptedException {
    String status = "cancelled";
    Usage usage = Usage.NONE;
    try {
      Tried tried = next.attempt(attempt);
      switch (tried) {
        case Tried.Answered answered -> {
          status = "success";
          usage = answered.answer().usage();
        }
        case Tried.Faulted faulted -> {
          Fault fault = faulted.fault();
          Answer partial = fault.partial();
          status = fault.kind().wireName();
          usage = partial == null ? Usage.NONE : partial.usage();
        }
        case Tried.Declined declined ->
            parts
                .meter()
                .declined(
                    attempt.origin(),
                    attempt.target().provider().name(),
                    attempt.target().model(),
                    declined.why());
      }
      return tried;
    } finally {
      if (attempt.progress().wasAsked()) {
        parts.meter().called(called(attempt, status, usage));
      }
    }
  }

  private static Meter.Called called(Attempt attempt, String status, Usage usage) {
    Target target = attempt.target();
    return new Meter.Called(
        attempt.origin(),
        target.provider().name(),
        target.provider().dialect(),
        target.model(),
        status,
        usage,
        attempt.progress().cost(),
        attempt.progress().took(),
        firstChunk(attempt));
  }

  private static @Nullable Duration firstChunk(Attempt attempt) {
    Delivery delivery = attempt.delivery();
    return delivery.hasBegun()
        ? Duration.ofNanos(delivery.firstAt() - attempt.progress().askedAt())
        : null;
  }
}
