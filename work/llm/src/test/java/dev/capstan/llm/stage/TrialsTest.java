package dev.capstan.llm.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Money;
import dev.capstan.llm.Told;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.provider.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TrialsTest {
  private static final int CALLS = 20;

  private final TestProvider provider = new TestProvider("first");
  private final GatewayRig rig = new GatewayRig(provider);

  /**
   * All ask at once, and nobody bills before so many wait for whoever came first.
   *
   * @param billed runs as soon as the first call has ended
   */
  private List<Told> burst(int waits, Runnable billed) throws Exception {
    ModelGateway gateway = rig.gateway();
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch first = new CountDownLatch(1);
    provider.then((_, _) -> {
      asked.countDown();
      await(first);
      return new Reply.Answered(TestProvider.answer("x", TestProvider.USAGE));
    });
    LinkedBlockingQueue<Boolean> waiting = new LinkedBlockingQueue<>();
    List<Told> ends = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletionService<Told> calls = new ExecutorCompletionService<>(threads);
      for (int i = 0; i < CALLS; i++) {
        Future<Told> _ = calls.submit(() -> ask(gateway, waiting));
      }
      for (int i = 0; i < waits; i++) {
        assertThat(waiting.poll(20, TimeUnit.SECONDS)).isTrue();
      }
      await(asked);
      assertThat(provider.calls).hasSize(1);
      first.countDown();
      ends.add(next(calls));
      billed.run();
      while (ends.size() < CALLS) {
        ends.add(next(calls));
      }
    }
    return ends;
  }

  private Told ask(ModelGateway gateway, LinkedBlockingQueue<Boolean> waiting)
      throws InterruptedException {
    return gateway.ask(
        rig.call(false),
        DeltaSink.NOBODY,
        hold -> {
          if (hold != null) {
            waiting.add(true);
          }
        });
  }

  @Test
  void while_money_is_short_one_call_finds_out_what_a_model_bills() throws Exception {
    rig.budgets =
        List.of(
            new Budget(new Account(Account.Scope.RUN, "run_1", ""), GatewayRig.MOST.times(CALLS)));
    assertThat(burst(CALLS - 1, () -> {})).allMatch(Told.Answered.class::isInstance);
  }

  @Test
  void where_there_is_room_for_many_calls_nobody_waits() {
    rig.budgets =
        List.of(
            new Budget(new Account(Account.Scope.RUN, "run_1", ""), GatewayRig.MOST.times(1_000)));
    Told told = rig.ask(false);
    assertThat(told.cost()).isGreaterThan(Money.ZERO);
    assertThat(rig.holds).isEmpty();
  }

  @Test
  void nobody_looks_where_budgets_stand_once_the_first_bill_is_there() throws Exception {
    rig.budgets =
        List.of(
            new Budget(new Account(Account.Scope.RUN, "run_1", ""), GatewayRig.MOST.times(1_000)));
    AtomicInteger looks = new AtomicInteger();
    CountDownLatch billed = new CountDownLatch(1);
    // The store is slow with the second look; whoever comes meanwhile waits for it.
    rig.ledger.look =
        () -> {
          if (looks.incrementAndGet() == 2) {
            await(billed);
          }
        };
    assertThat(burst(CALLS - 2, billed::countDown)).allMatch(Told.Answered.class::isInstance);
    assertThat(looks).hasValue(2);
    assertThat(rig.quotes)
        .as("who waited for the bill asks what it changed")
        .hasValue(2 * CALLS - 2);
  }

  private static Told next(CompletionService<Told> calls) throws Exception {
    Future<Told> ended = calls.poll(20, TimeUnit.SECONDS);
    return Objects.requireNonNull(ended, "no call ended in time").get();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }
}
