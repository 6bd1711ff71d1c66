package dev.capstan.llm.stage;

import dev.capstan.llm.ModelCall;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.provider.ProviderCall;

/** What providers are asked: the caller's question, with its output always bounded. */
final class Requests {
  private Requests() {}

  static ProviderCall of(Question question, Target target) {
    ModelCall call = question.call();
    Route route = question.route();
    Integer wished = call.sampling().maxOutputTokens();
    int bound =
        Math.min(wished == null ? route.defaultOutputTokens() : wished, route.mostOutputTokens());
    Sampling sampling =
        wished != null && wished == bound
            ? call.sampling()
            : call.sampling().withMaxOutputTokens(bound);
    return new ProviderCall(
        target.model(),
        call.messages(),
        call.tools(),
        sampling,
        call.format(),
        call.stream(),
        target.timeout(),
        target.idleTimeout());
  }
}
