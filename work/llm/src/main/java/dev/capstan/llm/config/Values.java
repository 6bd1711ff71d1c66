package dev.capstan.llm.config;

import dev.capstan.kernel.Breaker;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Findings;
import dev.capstan.kernel.document.Reading;
import dev.capstan.llm.stage.Retries;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the values that several sections share. */
final class Values {
  private static final List<String> RATES =
      List.of(
          "requests_per_minute",
          "requests_per_hour",
          "requests_per_day",
          "tokens_per_minute",
          "concurrent_requests");

  final Reading reading;
  final Findings findings;

  Values(Findings findings) {
    this.findings = findings;
    this.reading = new Reading(findings);
  }

  /** A whole number from {@code least} up. */
  long number(@Nullable JsonNode value, At at, long least, long fallback) {
    if (value == null) {
      return fallback;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < least) {
      findings.add(at, "this should be a whole number from " + least);
      return fallback;
    }
    return value.longValue();
  }

  /** Dollars, as a number or a text; not below zero. */
  @Nullable Money money(@Nullable JsonNode value, At at) {
    return reading.money(value, at);
  }

  Rates rates(@Nullable JsonNode value, At at, Rates fallback) {
    if (value == null || !reading.object(value, at, RATES)) {
      return fallback;
    }
    return new Rates(
        rate(value, at, 0),
        rate(value, at, 1),
        rate(value, at, 2),
        rate(value, at, 3),
        rate(value, at, 4));
  }

  private long rate(JsonNode value, At at, int index) {
    String name = RATES.get(index);
    return number(value.get(name), at.field(name), 1, 0);
  }

  private static final List<String> BUDGET = List.of("per_day", "per_month");

  /** Of an object that has {@code rate_limiting} and {@code budget} among its fields. */
  Allowance allowance(JsonNode value, At at, Rates fallback) {
    Rates rates = rates(value.get("rate_limiting"), at.field("rate_limiting"), fallback);
    JsonNode budget = value.get("budget");
    At place = at.field("budget");
    if (budget == null || !reading.object(budget, place, BUDGET)) {
      return new Allowance(rates, null, null);
    }
    return new Allowance(
        rates,
        money(budget.get("per_day"), place.field("per_day")),
        money(budget.get("per_month"), place.field("per_month")));
  }

  /** Allowances by name. */
  Map<String, Allowance> allowances(@Nullable JsonNode value, At at) {
    return byName(
        value,
        at,
        (each, place) ->
            reading.object(each, place, List.of("rate_limiting", "budget"))
                ? allowance(each, place, Rates.NONE)
                : Allowance.NONE);
  }

  /** An object whose field names are somebody's. */
  <T> Map<String, T> byName(@Nullable JsonNode value, At at, BiFunction<JsonNode, At, T> read) {
    Map<String, T> found = new LinkedHashMap<>();
    if (value == null || value.isNull()) {
      return found;
    }
    if (!value.isObject()) {
      reading.wrong(value, at, "an object with names for fields");
      return found;
    }
    value
        .properties()
        .forEach(field ->
            found.put(field.getKey(), read.apply(field.getValue(), at.field(field.getKey()))));
    return found;
  }

  private static final List<String> RETRIES =
      List.of("max_retries", "strategy", "base_delay", "max_delay", "jitter", "failover_after");

  Retries retries(@Nullable JsonNode value, At at, Retries fallback) {
    if (value == null || !reading.object(value, at, RETRIES)) {
      return fallback;
    }
    String strategy = reading.text(value.get("strategy"), at.field("strategy"));
    if (strategy != null && !strategy.equals("exponential_backoff")) {
      findings.add(at.field("strategy"), "the one strategy is exponential_backoff");
    }
    Retries retries =
        new Retries(
            reading.integer(
                value.get("max_retries"), at.field("max_retries"), 0, 100, fallback.most()),
            duration(value, "base_delay", at, fallback.baseDelay()),
            duration(value, "max_delay", at, fallback.maxDelay()),
            reading.truth(value.get("jitter"), at.field("jitter"), fallback.jitter()),
            duration(value, "failover_after", at, fallback.failoverAfter()));
    if (retries.maxDelay().compareTo(retries.baseDelay()) < 0) {
      findings.add(at.field("max_delay"), "this is shorter than base_delay");
    }
    return retries;
  }

  private static final List<String> BREAKER =
      List.of("failure_threshold", "recovery_timeout", "success_threshold");

  Breaker.Rules breaker(@Nullable JsonNode value, At at) {
    Breaker.Rules fallback = Breaker.Rules.DEFAULT;
    if (value == null || !reading.object(value, at, BREAKER)) {
      return fallback;
    }
    return new Breaker.Rules(
        reading.integer(
            value.get("failure_threshold"),
            at.field("failure_threshold"),
            1,
            1_000,
            fallback.failures()),
        duration(value, "recovery_timeout", at, fallback.openFor()),
        reading.integer(
            value.get("success_threshold"),
            at.field("success_threshold"),
            1,
            1_000,
            fallback.successes()));
  }

  Duration duration(JsonNode value, String name, At at, Duration fallback) {
    Duration read = reading.duration(value.get(name), at.field(name));
    return read == null ? fallback : read;
  }

  /** A duration longer than nothing. */
  Duration positive(JsonNode value, String name, At at, Duration fallback) {
    Duration read = reading.positive(value.get(name), at.field(name));
    return read == null ? fallback : read;
  }

  /** A part of a whole. */
  @Nullable Double share(JsonNode value, At at) {
    if (value.isNumber()) {
      BigDecimal share = value.decimalValue();
      if (share.signum() > 0 && share.compareTo(BigDecimal.ONE) <= 0) {
        return share.doubleValue();
      }
    }
    findings.add(at, "this should be a share above 0, up to 1");
    return null;
  }
}
