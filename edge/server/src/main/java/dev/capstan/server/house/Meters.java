package dev.capstan.server.house;

import dev.capstan.engine.Engine;
import dev.capstan.engine.EngineStatus;
import dev.capstan.journal.Health;
import dev.capstan.journal.Plans;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.BoundedMap;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import dev.capstan.plan.Action;
import dev.capstan.plan.Plan;
import dev.capstan.plan.Step;
import dev.capstan.postgres.WrittenBatch;
import dev.capstan.server.store.Store;
import dev.capstan.views.LiveEvents;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Counts what happens, from the journal's own words, and shows it to Prometheus. */
public final class Meters {
  private static final int MOST_OPEN = 100_000;

  private final boolean shown;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Counter workflows = counter("workflows", "Runs accepted");
  private final Counter failed = counter("workflows_failed", "Runs that failed");
  private final Timer batchTime =
      Timer.builder("journal_batch_seconds")
          .description("From taking a batch up to having it on disk")
          .publishPercentiles(0.5, 0.99)
          .register(registry);
  private final DistributionSummary batchSize =
      DistributionSummary.builder("journal_batch_events")
          .description("Events in one commit of the journal")
          .register(registry);

  private final Counter stepsCompleted = registry.counter("steps", "outcome", "completed");

  private record End(String status, String tool) {}

  private final Map<String, Timer> durations = new ConcurrentHashMap<>();
  private final Map<End, Counter> ends = new ConcurrentHashMap<>();

  private record Begun(Instant at, String plan) {}

  /** What has not ended; the eldest is forgotten first. Guarded by itself. */
  private final Map<RunId, Begun> begun = BoundedMap.fifo(MOST_OPEN);

  private volatile @Nullable Plans plans;

  /**
   * @param shown whether {@code /metrics} answers
   */
  public Meters(boolean shown) {
    this.shown = shown;
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  /** To be told of every commit. */
  public void written(WrittenBatch batch) {
    batchTime.record(batch.nanos(), TimeUnit.NANOSECONDS);
    batchSize.record(batch.events());
  }

  /** To be told of every durable batch of events. */
  public void hear(List<Recorded> batch) {
    for (Recorded recorded : batch) {
      switch (recorded.event()) {
        case RunEvent.RunCreated _ -> {
          workflows.increment();
        }
        case RunEvent.PlanGenerated e -> {
          synchronized (begun) {
            begun.put(recorded.run(), new Begun(recorded.at(), e.plan()));
          }
        }
        case RunEvent.RunCompleted e ->
            ended(recorded, e.failed().isEmpty() ? "completed" : "completed_partially");
        case RunEvent.RunFailed _ -> {
          failed.increment();
          ended(recorded, "failed");
        }
        case RunEvent.RunCancelled _ -> ended(recorded, "cancelled");
        case RunEvent.StepCompleted _ -> stepsCompleted.increment();
        case RunEvent.StepFailed e ->
            registry
                .counter("steps", "outcome", e.retryAt() == null ? "failed" : "retried")
                .increment();
        default -> {}
      }
    }
  }

  private void ended(Recorded end, String status) {
    Begun began;
    synchronized (begun) {
      began = begun.remove(end.run());
    }
    Plans plans = this.plans;
    if (began == null || plans == null) {
      registry.counter("runs", "status", status, "tool", "unknown").increment();
      return;
    }
    durations
        .computeIfAbsent(status, fresh -> registry.timer("runs_duration", "status", fresh))
        .record(Duration.between(began.at(), end.at()));
    Plan plan = plans.known(began.plan());
    if (plan != null) {
      count(status, plan);
    } else {
      // Reading a plan may block, and this is the journal's own thread.
      Thread.ofVirtual().start(() -> count(status, plans.plan(began.plan())));
    }
  }

  private void count(String status, Plan plan) {
    ends.computeIfAbsent(
            new End(status, tool(plan)),
            fresh -> registry.counter("runs", "status", fresh.status(), "tool", fresh.tool()))
        .increment();
  }

  /** The tool of a plan that has one; plans with several are counted together. */
  private static String tool(Plan plan) {
    String only = "none";
    for (Step step : plan.steps()) {
      if (step.action() instanceof Action.CallTool call) {
        if (!only.equals("none") && !only.equals(call.tool())) {
          return "several";
        }
        only = call.tool();
      }
    }
    return only;
  }

  /** Adds what is read at the moment of asking. */
  public void watch(Engine engine, Store store, LiveEvents live) {
    plans = engine.plans();
    gauge("active_workflows", "Runs that hold a slot", () -> engine.status().active());
    gauge("queued_workflows", "Runs that wait for a slot", () -> engine.status().queued());
    gauge("live_workflows", "Runs in memory", () -> engine.status().live());
    gauge("steps_under_way", "Attempts under way", () -> engine.status().stepsUnderWay());
    gauge("steps_queued", "Attempts that wait for a slot", () -> engine.status().stepsQueued());
    gauge("journal_queue_events", "Events that wait to be written", store.waiting()::getAsInt);
    gauge(
        "journal_writing",
        "1 while the journal writes, 0 while it is stopped",
        () -> engine.status().journal() instanceof Health.Stopped ? 0 : 1);
    gauge(
        "journal_slow",
        "1 while a commit takes long",
        () -> engine.status().journal() instanceof Health.Slow ? 1 : 0);
    gauge(
        "database_ailments",
        "What is wrong with the database, as /health says",
        () -> store.ailments().get().size());
    gauge("event_streams", "Open event streams", live::open);
    gauge("breakers_open", "Tools that are not let through", () -> open(engine.status()));
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
  }

  private static long open(EngineStatus status) {
    return status.breakers().stream().filter(one -> one.state().equals("open")).count();
  }

  private void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  /** Where others may count too. */
  public MeterRegistry registry() {
    return registry;
  }

  /** In Prometheus' text format. Throws {@code not_found} when metrics are turned off. */
  public String scrape() {
    if (!shown) {
      throw Problem.of(
              ProblemCode.NOT_FOUND, "metrics are turned off by ENABLE_METRICS or monitoring")
          .refusal();
    }
    return registry.scrape();
  }

  double averageBatch() {
    return batchSize.mean();
  }

  /** A quantile of the latency of the journal's commits, in milliseconds. */
  double latency(double quantile) {
    for (ValueAtPercentile value : batchTime.takeSnapshot().percentileValues()) {
      if (value.percentile() == quantile) {
        return value.value(TimeUnit.MILLISECONDS);
      }
    }
    return 0;
  }
}
