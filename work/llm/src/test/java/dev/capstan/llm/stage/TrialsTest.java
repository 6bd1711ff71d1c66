package dev.capstan.llm.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Money;
import dev.capstan.llm.Told;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.provider.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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

  /** The first answers when somebody else waits for it; the others when all of them are there. */
  private List<Told> burst(CountDownLatch first, Usage usage) throws Exception {
    ModelGateway gateway = rig.gateway();
    LinkedBlockingQueue<Boolean> waiting = new LinkedBlockingQueue<>();
    CountDownLatch asked = new CountDownLatch(1);
    for (int i = 0; i < CALLS; i++) {
      boolean isFirst = i == 0;
      provider.then((_, _) -> {
        if (isFirst) {
          asked.countDown();
          assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
        }
        return new Reply.Answered(TestProvider.answer("x", usage));
      });
    }
    List<Future<Told>> calls = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CALLS; i++) {
        calls.add(
            threads.submit(() ->
                gateway.ask(
                    rig.call(false),
                    DeltaSink.NOBODY,
                    hold -> {
                      if (hold != null) {
                        waiting.add(true);
                      }
                    })));
      }
      for (int i = 1; i < CALLS; i++) {
        assertThat(waiting.poll(20, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(provider.calls).hasSize(1);
      first.countDown();
      List<Told> ends = new ArrayList<>();
      for (Future<Told> call : calls) {
        ends.add(call.get(20, TimeUnit.SECONDS));
      }
      return ends;
    }
  }

  @Test
  void while_money_is_short_one_call_finds_out_what_a_model_bills() throws Exception {
    rig.budgets =
        List.of(
            new Budget(new Account(Account.Scope.RUN, "run_1", ""), GatewayRig.MOST.times(CALLS)));
    List<Told> ends = burst(new CountDownLatch(1), TestProvider.USAGE);
    assertThat(ends).allMatch(Told.Answered.class::isInstance);
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
    ModelGateway gateway = rig.gateway();
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch first = new CountDownLatch(1);
    provider.then((_, _) -> {
      asked.countDown();
      await(first);
      return new Reply.Answered(TestProvider.answer("x", TestProvider.USAGE));
    });
    LinkedBlockingQueue<Boolean> waiting = new LinkedBlockingQueue<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Told>> calls = new ArrayList<>();
      calls.add(threads.submit(() -> gateway.ask(rig.call(false), DeltaSink.NOBODY, _ -> {})));
      await(asked);
      for (int i = 1; i < CALLS; i++) {
        calls.add(
            threads.submit(() ->
                gateway.ask(
                    rig.call(false),
                    DeltaSink.NOBODY,
                    hold -> {
                      if (hold != null) {
                        waiting.add(true);
                      }
                    })));
      }
      for (int i = 2; i < CALLS; i++) {
        assertThat(waiting.poll(20, TimeUnit.SECONDS)).isTrue();
      }
      first.countDown();
      assertThat(calls.getFirst().get(20, TimeUnit.SECONDS)).isInstanceOf(Told.Answered.class);
      billed.countDown();
      for (Future<Told> call : calls) {
        assertThat(call.get(20, TimeUnit.SECONDS)).isInstanceOf(Told.Answered.class);
      }
    }
    assertThat(looks).hasValue(2);
    assertThat(rig.quotes)
        .as("who waited for the bill asks what it changed")
        .hasValue(2 * CALLS - 2);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }
}
