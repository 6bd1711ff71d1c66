package dev.capstan.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.Toolbox;
import dev.capstan.journal.MemoryJournal;
import dev.capstan.journal.RunStatus;
import dev.capstan.journal.StepStatus;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.kernel.time.ClockTimers;
import dev.capstan.plan.Effect;
import dev.capstan.plan.Plan;
import dev.capstan.plan.ToolSpec;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A clean stop, on real threads. */
class EngineStopTest {
  @Test
  void what_is_under_way_ends_and_is_written_and_nothing_new_is_started() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    Tool slow =
        Crank.tool(
            "slow",
            Effect.ONCE,
            call -> {
              entered.countDown();
              try {
                mayEnd.await();
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              }
              return Outcome.completed(Json.text("done"));
            });
    MemoryJournal journal = new MemoryJournal();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        ClockTimers timers = ClockTimers.start(InstantSource.system())) {
      Engine engine =
          Engine.start(
              new EngineParts(
                  journal,
                  new MemoryLeases(journal, 1),
                  new MemoryKeys(),
                  box(slow),
                  InstantSource.system(),
                  timers,
                  threads,
                  Watcher.NONE,
                  1),
              EngineLimits.defaults());
      Plan plan =
          Plan.named("two")
              .step("first", "slow", Map.of())
              .step("second", "slow", Map.of())
              .after("first")
              .build();
      RunId run =
          ((Submitted.Accepted) engine.submit(Submission.of(plan, Json.object())).join()).run();
      entered.await();
      Future<?> stopping = threads.submit(engine::close);
      assertThat(engine.status().stepsUnderWay()).isEqualTo(1);
      while (!isStopping(engine, run)) {
        assertThat(stopping).isNotDone();
      }
      mayEnd.countDown();
      stopping.get();
      assertThat(engine.state(run).step("first").status()).isEqualTo(StepStatus.COMPLETED);
      assertThat(engine.state(run).status()).isEqualTo(RunStatus.RUNNING);
      assertThat(engine.submit(Submission.of(plan, Json.object())).join())
          .isInstanceOf(Submitted.Refused.class);
    }
  }

  private static boolean isStopping(Engine engine, RunId run) {
    Told told = engine.tell(TenantId.LOCAL, run, new Command.Resume("test")).join();
    return told instanceof Told.Refused refused
        && refused.problem().code() == ProblemCode.UNAVAILABLE;
  }

  private static Toolbox box(Tool tool) {
    return new Toolbox() {
      @Override
      public Optional<Tool> tool(String name) {
        return Optional.of(tool);
      }

      @Override
      public Optional<ToolSpec> spec(String name) {
        return Optional.of(tool.spec());
      }

      @Override
      public List<ToolSpec> specs() {
        return List.of(tool.spec());
      }
    };
  }
}
