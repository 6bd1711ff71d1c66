package dev.capstan.llm.stage;

import dev.capstan.llm.ModelCall;
import dev.capstan.llm.Origin;
import dev.capstan.llm.provider.ProviderCall;
import java.time.Instant;

/**
 * One attempt at one target.
 *
 * @param request what the provider is asked, its time-outs not yet cut to the deadline
 * @param waitUntil the instant to stop waiting for leave to ask
 * @param delivery what was passed on to the caller
 * @param progress how far it got
 */
record Attempt(
    Question question,
    Target target,
    ProviderCall request,
    Instant waitUntil,
    Delivery delivery,
    Progress progress) {
  /** The same, asked with other words. */
  Attempt asking(ProviderCall other) {
    return new Attempt(question, target, other, waitUntil, delivery, progress);
  }

  ModelCall call() {
    return question.call();
  }

  Origin origin() {
    return call().origin();
  }

  /** What it can cost; known from the budget's stage on. */
  Tariff.Quote quote() {
    return progress.quote();
  }

  /** The same by its words, where they can be counted: the closest bound there is. */
  Tariff.Quote closest(Tariff tariff) {
    if (!quote().counted()) {
      tariff.counted(target, request).ifPresent(progress::quoted);
    }
    return quote();
  }
}
