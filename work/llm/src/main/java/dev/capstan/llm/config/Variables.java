package dev.capstan.llm.config;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.document.Durations;
import dev.capstan.llm.stage.Retries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The environment variables that win over what is written; an empty one is as if it were not. */
final class Variables {
  private final Map<String, String> environment;
  private final List<Mistake> mistakes = new ArrayList<>();

  Variables(Map<String, String> environment) {
    this.environment = environment;
  }

  /** They stand in no text, and so have no line. */
  List<Mistake> mistakes() {
    return mistakes;
  }

  Rates rates(Rates written) {
    return new Rates(
        number("RATE_LIMIT_RPM", written.requestsPerMinute()),
        number("RATE_LIMIT_RPH", written.requestsPerHour()),
        number("RATE_LIMIT_RPD", written.requestsPerDay()),
        number("RATE_LIMIT_TPM", written.tokensPerMinute()),
        number("RATE_LIMIT_CONCURRENT", written.concurrentRequests()));
  }

  Retries retries(Retries written) {
    return new Retries(
        (int) Math.min(100, number("MAX_RETRIES", written.most())),
        duration("RETRY_BASE_DELAY", written.baseDelay()),
        duration("RETRY_MAX_DELAY", written.maxDelay()),
        written.jitter(),
        written.failoverAfter());
  }

  Money money(String name, Money written) {
    String text = value(name);
    if (text == null) {
      return written;
    }
    try {
      Money money = Money.dollars(text);
      if (money.pico() >= 0) {
        return money;
      }
      wrong(name, "should be dollars, such as 0.25");
    } catch (Refusal unfit) {
      wrong(name, "should be dollars, such as 0.25");
    }
    return written;
  }

  private long number(String name, long written) {
    String text = value(name);
    if (text == null) {
      return written;
    }
    if (!text.matches("\\d{1,15}")) {
      wrong(name, "should be a whole number");
      return written;
    }
    return Long.parseLong(text);
  }

  private Duration duration(String name, Duration written) {
    String text = value(name);
    if (text == null) {
      return written;
    }
    Optional<Duration> read = Durations.read(Json.text(text));
    if (read.isEmpty()) {
      wrong(name, "should be a duration, " + Durations.FORMS);
    }
    return read.orElse(written);
  }

  private @Nullable String value(String name) {
    String value = environment.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  private void wrong(String name, String wanted) {
    mistakes.add(Mistake.at("environment." + name, "the environment variable " + wanted));
  }
}
