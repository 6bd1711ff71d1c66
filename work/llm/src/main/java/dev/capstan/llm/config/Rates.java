package dev.capstan.llm.config;

import dev.capstan.llm.limit.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How often and how much may be asked; 0 where there is no limit. */
public record Rates(
    long requestsPerMinute,
    long requestsPerHour,
    long requestsPerDay,
    long tokensPerMinute,
    long concurrentRequests) {
  public static final Rates NONE = new Rates(0, 0, 0, 0, 0);

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** The limits that these are, for whoever the key names. */
  public List<Limit> limits(String key) {
    List<Limit> limits = new ArrayList<>();
    add(limits, key, Limit.Unit.REQUESTS, requestsPerDay, Duration.ofDays(1));
    add(limits, key, Limit.Unit.REQUESTS, requestsPerHour, Duration.ofHours(1));
    add(limits, key, Limit.Unit.REQUESTS, requestsPerMinute, MINUTE);
    add(limits, key, Limit.Unit.TOKENS, tokensPerMinute, MINUTE);
    add(limits, key, Limit.Unit.CONCURRENT, concurrentRequests, Duration.ZERO);
    return limits;
  }

  private static void add(
      List<Limit> limits, String key, Limit.Unit unit, long most, Duration window) {
    if (most > 0) {
      limits.add(new Limit(key, unit, most, window));
    }
  }
}
