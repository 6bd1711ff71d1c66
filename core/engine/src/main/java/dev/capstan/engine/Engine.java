package dev.capstan.engine;

import dev.capstan.journal.Attachment;
import dev.capstan.journal.Health;
import dev.capstan.journal.Plans;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.RunIds;
import dev.capstan.kernel.TenantId;
import dev.capstan.plan.InputCheck;
import dev.capstan.plan.PlanCodec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Runs plans durably. Everything that it accepts is in the journal before it says so; everything
 * that it knows it could forget and read again. One per process; safe for use by any number of
 * threads.
 */
public final class Engine implements AutoCloseable {
  private static final int MINTINGS = 3;

  private final EngineParts parts;
  private final Shared shared;
  private final House house;
  private final RunIds ids;
  private final Recovery recovery;

  private Engine(EngineParts parts, EngineLimits limits) {
    this.parts = parts;
    this.ids = new RunIds(parts.clock(), parts.seed());
    this.house = new House(parts, limits, ids);
    this.shared = house.shared();
    this.recovery = new Recovery(parts, shared, house);
  }

  /** Starts an engine, which at once begins to take up what earlier owners left unfinished. */
  public static Engine start(EngineParts parts, EngineLimits limits) {
    Engine engine = new Engine(parts, limits);
    engine.recovery.start();
    return engine;
  }

  /**
   * Submits a run. The future completes when the run is durable or refused. May block for a moment
   * when the journal pushes back.
   */
  public CompletableFuture<Submitted> submit(Submission submission) {
    Problem unavailable = unavailable();
    if (unavailable != null) {
      return refused(unavailable);
    }
    return switch (InputCheck.check(submission.plan(), submission.inputs())) {
      case InputCheck.Checked.Unfit unfit ->
          refused(
              Problem.of(
                  ProblemCode.INVALID_INPUT,
                  "the inputs do not fit the plan '" + submission.plan().header().name() + "'",
                  unfit.mistakes()));
      case InputCheck.Checked.Fit fit -> submitChecked(submission.with(fit.inputs()));
    };
  }

  private static CompletableFuture<Submitted> refused(Problem problem) {
    return CompletableFuture.completedFuture(new Submitted.Refused(problem));
  }

  private CompletableFuture<Submitted> submitChecked(Submission submission) {
    Attachment plan = shared.plans().attachment(submission.plan());
    String key = submission.idempotencyKey();
    if (key == null) {
      return create(submission, plan, MINTINGS);
    }
    String prompt = submission.prompt();
    String asked =
        prompt == null
            ? Attachment.of(plan.hash() + Json.write(submission.inputs())).hash()
            : askedBy(prompt, submission.plan().header().costBudget());
    IdempotencyKeys.Reserved reserved =
        parts.keys().reserve(submission.tenant(), key, asked, ids.next());
    if (!reserved.requestHash().equals(asked)) {
      return refused(reused(key, reserved));
    }
    if (!parts.journal().read(reserved.run(), 0, 1).isEmpty()) {
      return CompletableFuture.completedFuture(new Submitted.Accepted(reserved.run(), false));
    }
    return house.create(reserved.run(), Opened.of(submission, plan, house.worker()));
  }

  /** A prompt may become another plan each time, and is the same request all the same. */
  private static String askedBy(String prompt, @Nullable Money maxCost) {
    return Attachment.of("prompt\n" + maxCost + "\n" + prompt).hash();
  }

  /**
   * The run that was made before of this prompt under this key, so that nobody has to plan again.
   * Blocks.
   */
  public Optional<Submitted> earlier(
      TenantId tenant, String key, String prompt, @Nullable Money maxCost) {
    String asked = askedBy(prompt, maxCost);
    IdempotencyKeys.Reserved reserved = parts.keys().reserve(tenant, key, asked, ids.next());
    if (!reserved.requestHash().equals(asked)) {
      return Optional.of(new Submitted.Refused(reused(key, reserved)));
    }
    return parts.journal().read(reserved.run(), 0, 1).isEmpty()
        ? Optional.empty()
        : Optional.of(new Submitted.Accepted(reserved.run(), false));
  }

  private static Problem reused(String key, IdempotencyKeys.Reserved reserved) {
    return Problem.of(
        ProblemCode.KEY_REUSED,
        "the key '" + key + "' was used for another request, run " + reserved.run());
  }

  private CompletableFuture<Submitted> create(
      Submission submission, Attachment plan, int mintings) {
    return house
        .create(ids.next(), Opened.of(submission, plan, house.worker()))
        .thenCompose(submitted ->
            submitted instanceof Submitted.Accepted accepted && !accepted.fresh() && mintings > 1
                ? create(submission, plan, mintings - 1)
                : CompletableFuture.completedFuture(submitted));
  }

  private @Nullable Problem unavailable() {
    if (house.isClosing()) {
      return Problem.of(ProblemCode.UNAVAILABLE, "this process is stopping");
    }
    if (parts.journal().health() instanceof Health.Stopped stopped) {
      return Problem.of(
          ProblemCode.UNAVAILABLE,
          "the journal has not been writing since " + stopped.since() + ": " + stopped.reason());
    }
    return house.isFull()
        ? Problem.of(
            ProblemCode.TOO_MANY_REQUESTS,
            shared.runSlots().queued() + " runs wait for their turn; try again later")
        : null;
  }

  /**
   * Submits a run that takes over what {@code fork} names and goes on differently. Blocks while it
   * reads the origin.
   */
  public CompletableFuture<Submitted> fork(Fork fork) {
    Problem unavailable = unavailable();
    if (unavailable != null) {
      return refused(unavailable);
    }
    return house.create(
        ids.next(), new Forking(parts.journal(), shared.plans(), house.worker()).open(fork));
  }

  /**
   * Takes over a run that was exported elsewhere. Blocks while it looks whether {@code run} is
   * taken, and then it gets a new id.
   */
  public CompletableFuture<Submitted> importRun(
      RunId run, List<RunEvent> events, List<Attachment> attachments) {
    attachments.forEach(
        each -> shared.plans().remember(each.hash(), PlanCodec.decode(Json.parse(each.text()))));
    RunId free = parts.journal().read(run, 0, 1).isEmpty() ? run : ids.next();
    return house.create(free, new Opened(events, attachments, false, 0));
  }

  /** Tells a run something. The future completes when it is durable or refused. */
  public CompletableFuture<Told> tell(TenantId tenant, RunId run, Command command) {
    CompletableFuture<Told> answer = new CompletableFuture<>();
    LiveRun live = house.live(run);
    if (live == null && !exists(tenant, run)) {
      answer.complete(
          new Told.Refused(Problem.of(ProblemCode.NOT_FOUND, "there is no run " + run)));
    } else if (house.isClosing()) {
      answer.complete(
          new Told.Refused(Problem.of(ProblemCode.UNAVAILABLE, "this process is stopping")));
    } else {
      house.post(run, new Letter.Stimulate(new Stimulus.Commanded(command), answer));
    }
    return answer;
  }

  private boolean exists(TenantId tenant, RunId run) {
    return parts.journal().read(run, 0, 1).stream()
        .anyMatch(first ->
            first.event() instanceof RunEvent.RunCreated created
                && created.tenant().equals(tenant));
  }

  /**
   * Everything of the run that does not move, and why. Empty when it has ended or does not exist.
   */
  public CompletableFuture<List<Standing>> why(RunId run) {
    return new Standings(shared, parts.leases()).of(run, house.live(run));
  }

  /**
   * Completes with the run's end, when that is durable; never for a run that does not exist. May
   * block for a read.
   */
  public CompletableFuture<RunEvent.Terminal> end(RunId run) {
    return house.endings().of(run, () -> house.live(run) != null);
  }

  /** Finds plans by hash, with this engine's cache. */
  public Plans plans() {
    return shared.plans();
  }

  /** Folds the run's events; a run without events folds to seq 0. Blocks. */
  public RunState state(RunId run) {
    return RunState.fold(
        run, parts.journal().read(run, 0, Integer.MAX_VALUE), shared.plans()::plan);
  }

  public EngineStatus status() {
    return house.status(recovery);
  }

  /**
   * Stops taking work, lets what is under way end within a grace of ten seconds, and gives the
   * lease back.
   */
  @Override
  public void close() {
    recovery.stop();
    house.close();
    try {
      parts.leases().release();
    } catch (RuntimeException unreachable) {
      // It expires by itself; what is left to close must be closed.
      shared.watcher().leaseLate(unreachable);
    }
  }
}
