package dev.capstan.server.house;

import dev.capstan.engine.Engine;
import dev.capstan.engine.EngineLimits;
import dev.capstan.engine.EngineStatus;
import dev.capstan.journal.Health;
import dev.capstan.postgres.Ailment;
import dev.capstan.postgres.Keeping;
import dev.capstan.postgres.Verification;
import dev.capstan.server.http.Answer;
import dev.capstan.server.http.Exchange;
import dev.capstan.server.store.Store;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How the server is. */
public final class HouseDesk {
  /** Who this process is. */
  public record Identity(String version, Instant startedAt) {}

  private record Reason(String code, String detail, String remedy, @Nullable Instant since) {}

  private record JournalShown(
      String state, int queue, double batchSizeAvg, double latencyMsP50, double latencyMsP99) {}

  private record HealthShown(
      String status,
      List<Reason> reasons,
      String version,
      long uptimeSeconds,
      JournalShown journal) {}

  private record RunsShown(int active, int queued, int waiting, int live) {}

  private record StepsShown(int running, int queued) {}

  private record Limits(
      int maxConcurrentWorkflows, int maxConcurrentSteps, int maxQueuedWorkflows) {}

  private record KeepingShown(
      String retention, int weeks, @Nullable LocalDate oldest, List<String> held) {}

  private record RecoveryShown(boolean running, int recovered) {}

  private record StatusShown(
      String version,
      Instant startedAt,
      long uptimeSeconds,
      long worker,
      RunsShown runs,
      StepsShown steps,
      JournalShown journal,
      List<EngineStatus.Circuit> breakers,
      Limits limits,
      RecoveryShown recovery,
      KeepingShown keeping,
      HealthShown health) {}

  private record Verified(boolean ok, long runs, long events, List<String> findings) {}

  private final Engine engine;
  private final EngineLimits limits;
  private final Store store;
  private final Meters meters;
  private final InstantSource clock;
  private final Identity identity;

  public HouseDesk(
      Engine engine, EngineLimits limits, Store store, Meters meters, InstantSource clock) {
    this.engine = engine;
    this.limits = limits;
    this.store = store;
    this.meters = meters;
    this.clock = clock;
    this.identity = new Identity(Version.text(), clock.instant());
  }

  public Answer health(Exchange exchange) {
    HealthShown health = health(engine.status());
    return Answer.json(health.status().equals("unhealthy") ? 503 : 200, health);
  }

  private HealthShown health(EngineStatus status) {
    List<Reason> reasons = new ArrayList<>();
    boolean grave = status.journal() instanceof Health.Stopped;
    journalReason(status.journal()).ifPresent(reasons::add);
    for (Ailment ailment : store.ailments().get()) {
      grave = grave || ailment.grave();
      reasons.add(new Reason(ailment.code(), ailment.detail(), ailment.remedy(), ailment.since()));
    }
    for (EngineStatus.Circuit circuit : status.breakers()) {
      if (!circuit.state().equals("closed")) {
        reasons.add(circuitReason(circuit));
      }
    }
    String overall = grave ? "unhealthy" : reasons.isEmpty() ? "healthy" : "degraded";
    return new HealthShown(
        overall, reasons, identity.version(), uptime(), journal(status.journal()));
  }

  private static Optional<Reason> journalReason(Health journal) {
    return switch (journal) {
      case Health.Good _ -> Optional.empty();
      case Health.Slow slow ->
          Optional.of(
              new Reason(
                  "journal_slow",
                  "a commit of the journal takes " + slow.latency().toMillis() + " ms",
                  "look at what the database and its disk are busy with; nothing is lost meanwhile",
                  slow.since()));
      case Health.Stopped stopped ->
          Optional.of(
              new Reason(
                  "journal_stopped",
                  "the journal does not write; new runs are refused: " + stopped.reason(),
                  "mend the database or its disk; the journal tries on and goes on by itself",
                  stopped.since()));
    };
  }

  private static Reason circuitReason(EngineStatus.Circuit circuit) {
    return new Reason(
        "tool_unavailable",
        "the circuit of the tool '" + circuit.tool() + "' is " + circuit.state(),
        "mend what the tool asks; it is tried again by itself",
        null);
  }

  private long uptime() {
    return Duration.between(identity.startedAt(), clock.instant()).toSeconds();
  }

  private JournalShown journal(Health health) {
    String state =
        switch (health) {
          case Health.Good _ -> "good";
          case Health.Slow _ -> "slow";
          case Health.Stopped _ -> "stopped";
        };
    return new JournalShown(
        state,
        store.waiting().getAsInt(),
        rounded(meters.averageBatch()),
        rounded(meters.latency(0.5)),
        rounded(meters.latency(0.99)));
  }

  private static double rounded(double value) {
    return Double.isFinite(value) ? Math.round(value * 100) / 100.0 : 0;
  }

  public Answer status(Exchange exchange) {
    EngineStatus status = engine.status();
    int waiting = Math.max(0, status.live() - status.active() - status.queued());
    return Answer.ok(
        new StatusShown(
            identity.version(),
            identity.startedAt(),
            uptime(),
            status.worker(),
            new RunsShown(status.active(), status.queued(), waiting, status.live()),
            new StepsShown(status.stepsUnderWay(), status.stepsQueued()),
            journal(status.journal()),
            status.breakers(),
            new Limits(
                limits.maxConcurrentRuns(), limits.maxConcurrentSteps(), limits.maxQueuedRuns()),
            new RecoveryShown(status.recovering(), status.recovered()),
            keeping(),
            health(status)));
  }

  private KeepingShown keeping() {
    Keeping keeping = store.keeping().get();
    Duration retention = keeping.retention();
    return new KeepingShown(
        retention == null ? "forever" : days(retention),
        keeping.bands(),
        keeping.oldest(),
        keeping.held());
  }

  private static String days(Duration length) {
    return length.equals(Duration.ofDays(length.toDays()))
        ? length.toDays() + "d"
        : length.toString();
  }

  /** Holds the journal and the views against each other. Reads everything: it may take long. */
  public Answer verify(Exchange exchange) throws IOException {
    exchange.optionalFields().end();
    Verification found = store.verification().get();
    return Answer.ok(new Verified(found.isClean(), found.runs(), found.events(), found.faults()));
  }

  /** {@code GET /metrics}. */
  public Answer metrics(Exchange exchange) {
    return Answer.text(200, "text/plain; version=0.0.4; charset=utf-8", meters.scrape());
  }
}
