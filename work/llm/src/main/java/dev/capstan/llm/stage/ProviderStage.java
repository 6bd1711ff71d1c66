package dev.capstan.llm.stage;

import dev.capstan.kernel.Money;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.provider.Fault;
import dev.capstan.llm.provider.FaultKind;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.Reply;
import java.time.Duration;
import java.time.Instant;

/** Asks the provider, and sees to it that nobody waits for it beyond the call's deadline. */
final class ProviderStage implements Leg {
  /** How much later than its own time-out a provider is interrupted. */
  private static final Duration GRACE = Duration.ofMillis(500);

  private final GatewayParts parts;

  ProviderStage(GatewayParts parts) {
    this.parts = parts;
  }

  @Override
  public Tried attempt(Attempt attempt) throws InterruptedException {
    Instant now = parts.clock().instant();
    Duration left = Duration.between(now, attempt.call().deadline());
    if (!left.isPositive()) {
      return new Tried.Faulted(
          Fault.of(FaultKind.TIMED_OUT, "there was no time left to ask"), Money.ZERO);
    }
    ProviderCall request = within(attempt, left);
    DeltaSink sink = request.stream() ? attempt.delivery() : DeltaSink.NOBODY;
    Overseer overseer = new Overseer(parts.timers(), now.plus(request.timeout()).plus(GRACE));
    attempt.progress().asks(parts.nanos().getAsLong());
    try {
      Reply reply = attempt.target().provider().call(request, sink);
      return switch (reply) {
        case Reply.Answered answered -> new Tried.Answered(answered.answer(), Money.ZERO);
        case Reply.Faulted faulted -> new Tried.Faulted(faulted.fault(), Money.ZERO);
      };
    } catch (InterruptedException cancelled) {
      if (overseer.interrupted()) {
        return new Tried.Faulted(
            Fault.of(FaultKind.TIMED_OUT, "it did not return in time and was interrupted"),
            Money.ZERO);
      }
      throw cancelled;
    } finally {
      attempt.progress().ends(parts.nanos().getAsLong());
      overseer.close();
    }
  }

  /** Neither more time than is left nor more output than was reserved for. */
  private static ProviderCall within(Attempt attempt, Duration left) {
    ProviderCall call = attempt.request();
    Duration timeout = call.timeout().compareTo(left) < 0 ? call.timeout() : left;
    Duration idle = call.idleTimeout().compareTo(timeout) < 0 ? call.idleTimeout() : timeout;
    Integer wished = call.sampling().maxOutputTokens();
    long most = attempt.quote().outputTokens();
    Sampling sampling =
        wished != null && wished <= most
            ? call.sampling()
            : call.sampling().withMaxOutputTokens((int) Math.min(most, Integer.MAX_VALUE));
    return new ProviderCall(
        call.model(),
        call.messages(),
        call.tools(),
        sampling,
        call.format(),
        call.stream(),
        timeout,
        idle);
  }
}
