package dev.capstan.server.house;

import dev.capstan.kernel.Money;
import dev.capstan.llm.Origin;
import dev.capstan.llm.stage.Meter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Counts what passes the gateway, by the names of our documents and of OpenTelemetry. */
public final class ModelMeter implements Meter {
  private record Call(String provider, String status) {}

  private record Operation(String dialect, String model, String status) {}

  private record Decline(String provider, String why) {}

  private final MeterRegistry registry;
  private final Counter cost;
  private final Counter hits;
  private final Counter misses;
  private final Map<Call, Counter> calls = new ConcurrentHashMap<>();
  private final Map<String, Counter> tokens = new ConcurrentHashMap<>();
  private final Map<Operation, Timer> durations = new ConcurrentHashMap<>();
  private final Map<Operation, Timer> firstChunks = new ConcurrentHashMap<>();
  private final Map<Decline, Counter> declines = new ConcurrentHashMap<>();
  private final Map<String, Timer> waits = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> waiting = new ConcurrentHashMap<>();

  public ModelMeter(MeterRegistry registry) {
    this.registry = registry;
    this.cost =
        Counter.builder("llm_cost_dollars").description("What models cost").register(registry);
    this.hits = Counter.builder("cache_hits").description("Answers given again").register(registry);
    this.misses =
        Counter.builder("cache_misses").description("Answers not known yet").register(registry);
  }

  @Override
  public void called(Called called) {
    count(
        calls,
        new Call(called.provider(), called.status()),
        key ->
            registry.counter("llm_api_calls", "provider", key.provider(), "status", key.status()),
        1);
    count(
        tokens,
        called.provider(),
        key -> registry.counter("llm_tokens", "provider", key),
        (double) called.usage().totalTokens());
    cost.increment(dollars(called.cost()));
    Operation operation = new Operation(called.dialect(), called.model(), called.status());
    durations
        .computeIfAbsent(operation, key -> timer("gen_ai.client.operation.duration", key))
        .record(called.took());
    Duration first = called.firstChunk();
    if (first != null) {
      firstChunks
          .computeIfAbsent(
              operation, key -> timer("gen_ai.client.operation.time_to_first_chunk", key))
          .record(first);
    }
  }

  private Timer timer(String name, Operation operation) {
    return Timer.builder(name)
        .tag("gen_ai.operation.name", "chat")
        .tag("gen_ai.provider.name", operation.dialect())
        .tag("gen_ai.request.model", operation.model())
        .tag("error.type", operation.status().equals("success") ? "" : operation.status())
        .register(registry);
  }

  private static double dollars(Money money) {
    return money.dollars().doubleValue();
  }

  private static <K> void count(
      Map<K, Counter> counters, K key, Function<K, Counter> make, double amount) {
    counters.computeIfAbsent(key, make).increment(amount);
  }

  @Override
  public void cached(Origin origin, String model, boolean hit) {
    (hit ? hits : misses).increment();
  }

  @Override
  public void declined(Origin origin, String provider, String model, String why) {
    count(
        declines,
        new Decline(provider, why),
        key -> registry.counter("llm_declined", "provider", key.provider(), "why", key.why()),
        1);
  }

  @Override
  public void waits(String what) {
    waiting(what).incrementAndGet();
  }

  private AtomicInteger waiting(String what) {
    return waiting.computeIfAbsent(
        what, key -> registry.gauge("llm_waiting", Tags.of("for", key), new AtomicInteger()));
  }

  @Override
  public void waited(String what, Duration howLong) {
    waiting(what).decrementAndGet();
    waits.computeIfAbsent(what, key -> registry.timer("llm_waited", "for", key)).record(howLong);
  }
}
