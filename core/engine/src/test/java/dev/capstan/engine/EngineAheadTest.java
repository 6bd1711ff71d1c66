package dev.capstan.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.engine.step.Outcome;
import dev.capstan.journal.Append;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunStatus;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.plan.Effect;
import dev.capstan.plan.PlanBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is decided about pure steps while the disk is busy, and what waits for the disk. */
class EngineAheadTest extends EngineRig {
  private final List<Integer> events = new ArrayList<>();

  @BeforeEach
  void on_a_slow_disk() {
    Crank.Life life = Crank.Life.fresh().slowly();
    crank = new Crank(tools(), life, EngineLimits.defaults());
    life.journal().follow(batch -> events.add(batch.size()));
  }

  private static PlanBuilder chain(int links) {
    PlanBuilder chain = plan();
    for (int i = 0; i < links; i++) {
      chain.step("s" + i, "echo", Map.of("n", i == 0 ? "0" : "${steps.s" + (i - 1) + ".output.n}"));
    }
    return chain;
  }

  @Test
  void a_chain_of_pure_steps_takes_two_writes() {
    RunId run = crank.submit(chain(100).output("n", "${steps.s99.output.n}").build());
    assertThat(status(run)).isEqualTo(RunStatus.COMPLETED);
    assertThat(events).hasSize(2);
    assertThat(crank.journal(run)).hasSize(104);
  }

  @Test
  void a_very_long_chain_is_written_in_pieces() {
    RunId run = crank.submit(chain(2_000).build());
    assertThat(status(run)).isEqualTo(RunStatus.COMPLETED);
    assertThat(events).hasSizeBetween(4, 6).allMatch(rows -> rows <= 600);
  }

  @Test
  void what_touches_the_world_waits_until_all_before_it_is_written() {
    RunId run = crank.submit(chain(10).step("act", "act", name("act")).after("s9").build());
    assertThat(status(run)).isEqualTo(RunStatus.COMPLETED);
    assertThat(calls).containsExactly("act");
    // The plan and its first step; the rest of the chain and the decision to act; the act.
    assertThat(events).hasSize(3);
  }

  @Test
  void nobody_is_shown_what_is_not_written() {
    var _ = crank.engine.submit(Submission.of(chain(10).build(), Json.object()));
    while (crank.store.runs().isEmpty()) {
      assertThat(crank.step()).isTrue();
    }
    RunId run = crank.store.runs().getFirst();
    int durable = crank.journal(run).size();
    var why = crank.engine.why(run);
    while (!why.isDone()) {
      int before = crank.journal(run).size();
      assertThat(crank.step()).isTrue();
      assertThat(why.isDone() && crank.journal(run).size() > before).isFalse();
    }
    assertThat(crank.journal(run)).hasSizeGreaterThanOrEqualTo(durable);
    crank.turn();
    assertThat(status(run)).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void an_ending_that_is_not_written_is_not_announced() {
    var _ = crank.engine.submit(Submission.of(chain(3).build(), Json.object()));
    while (crank.store.runs().isEmpty()) {
      assertThat(crank.step()).isTrue();
    }
    RunId run = crank.store.runs().getFirst();
    var end = crank.engine.end(run);
    while (!end.isDone()) {
      assertThat(crank.step()).isTrue();
    }
    assertThat(crank.journal(run).getLast().event()).isInstanceOf(RunEvent.Terminal.class);
    crank.turn();
    assertThat(crank.engine.status().live()).isZero();
  }

  @Test
  void what_ran_ahead_of_a_lost_write_never_was() {
    RunId run =
        crank.submit(plan().signal("go", "go").step("a", "echo", Map.of()).after("go").build());
    var told =
        crank.engine.tell(TenantId.LOCAL, run, new Command.Signal("go", Json.nothing(), "x"));
    while (!crank.tasks.isEmpty()) {
      assertThat(crank.step()).isTrue();
    }
    // The signal and the end of a are decided, and neither is written; another takes the run.
    RunEvent claim = new RunEvent.RunClaimed(2);
    int next = crank.journal(run).size() + 1;
    crank.store.append(new Append(run, next, Instant.EPOCH, List.of(claim), List.of())).join();
    crank.turn();
    assertThat(told).isCompletedWithValueMatching(Told.Refused.class::isInstance);
    assertThat(crank.journal(run).getLast().event()).isEqualTo(claim);
    assertThat(crank.engine.status().live()).isZero();
  }

  @Test
  void every_event_has_its_own_time() {
    // Each link takes a second of the clock while the first write is under way.
    crank.tools.put(
        "slow",
        Crank.tool(
            "slow",
            Effect.PURE,
            call -> {
              crank.time.advance(Duration.ofSeconds(1), () -> {});
              return Outcome.completed(call.input());
            }));
    RunId run =
        crank.submit(
            plan()
                .step("a", "slow", Map.of("n", 1))
                .step("b", "slow", Map.of("n", "${steps.a.output.n}"))
                .step("c", "slow", Map.of("n", "${steps.b.output.n}"))
                .build());
    List<Instant> ends =
        crank.journal(run).stream()
            .filter(recorded -> recorded.event() instanceof RunEvent.StepCompleted)
            .map(Recorded::at)
            .toList();
    assertThat(ends).doesNotHaveDuplicates().isSorted().hasSize(3);
    assertThat(events).hasSize(2);
  }
}
