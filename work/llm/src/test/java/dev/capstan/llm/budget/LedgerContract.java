package dev.capstan.llm.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.TenantId;
import dev.capstan.llm.Hold;
import dev.capstan.llm.Patience;
import dev.capstan.llm.chat.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every ledger does, however many processes share its store. */
public abstract class LedgerContract {
  private static final AtomicLong NAMES = new AtomicLong();
  private static final Money CENT = Money.dollars("0.01");

  private final List<Ledger> opened = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  protected final LinkedBlockingQueue<BudgetEvent> events = new LinkedBlockingQueue<>();

  /** Another process on the same store. */
  protected abstract Ledger open(BudgetEvent.Listener listener);

  private Ledger ledger() {
    Ledger ledger = open(events::add);
    opened.add(ledger);
    return ledger;
  }

  @AfterEach
  void close_what_was_opened() {
    opened.forEach(Ledger::close);
    threads.shutdownNow();
  }

  protected static Budget budget(String dollars) {
    return new Budget(
        new Account(Account.Scope.RUN, "run " + NAMES.incrementAndGet(), ""),
        Money.dollars(dollars));
  }

  protected static Claim claim(Money most, Budget... budgets) {
    return new Claim(
        TenantId.LOCAL, null, "step", "agent", "key", "p", "m", List.of(budgets), most);
  }

  protected static Patience patience(Duration lasting) {
    return new Patience(Instant.now().plus(lasting), Patience.WaitListener.NOBODY);
  }

  protected static Settlement cost(Money cost) {
    return new Settlement(new Usage(10, 2, 1, 5, 0, true), cost, Settlement.How.REPORTED);
  }

  protected static Reservation reserved(Admission admission) {
    assertThat(admission).isInstanceOf(Admission.Reserved.class);
    return ((Admission.Reserved) admission).reservation();
  }

  private Admission now(Ledger ledger, Claim claim) throws InterruptedException {
    return ledger.reserve(claim, patience(Duration.ofSeconds(20)));
  }

  /** So many calls at once, spread over the ledgers; returns how many were admitted. */
  protected int burst(int calls, Claim claim, Money cost, List<Ledger> ledgers) throws Exception {
    AtomicInteger admitted = new AtomicInteger();
    CyclicBarrier together = new CyclicBarrier(calls);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      Ledger ledger = ledgers.get(i % ledgers.size());
      all.add(
          threads.submit(() -> {
            together.await();
            Admission told = ledger.reserve(claim, patience(Duration.ofSeconds(20)));
            if (told instanceof Admission.Reserved yes) {
              admitted.incrementAndGet();
              new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
              ledger.settle(yes.reservation(), cost(cost));
            } else {
              assertThat(told).isInstanceOf(Admission.Refused.class);
            }
            return null;
          }));
    }
    for (Future<?> each : all) {
      each.get(40, TimeUnit.SECONDS);
    }
    return admitted.get();
  }

  @Test
  void of_two_hundred_calls_at_once_exactly_those_are_admitted_that_the_budget_holds()
      throws Exception {
    Budget twenty = budget("0.20");
    Ledger ledger = ledger();
    assertThat(burst(200, claim(CENT, twenty), CENT, List.of(ledger))).isEqualTo(20);
    assertThat(ledger.standing(List.of(twenty)))
        .containsExactly(new Standing(twenty, Money.dollars("0.20"), Money.ZERO));
  }

  @Test
  void two_processes_share_one_budget() throws Exception {
    Budget twenty = budget("0.20");
    List<Ledger> both = List.of(ledger(), ledger());
    assertThat(burst(200, claim(CENT, twenty), CENT, both)).isEqualTo(20);
  }

  @Test
  void an_estimate_that_is_too_high_makes_calls_wait_and_wastes_no_budget() throws Exception {
    Budget twenty = budget("0.20");
    List<Ledger> both = List.of(ledger(), ledger());
    assertThat(burst(200, claim(CENT.times(3), twenty), CENT, both)).isEqualTo(18);
    assertThat(both.getFirst().standing(List.of(twenty)).getFirst().settled())
        .isEqualTo(Money.dollars("0.18"));
  }

  @Test
  void a_claim_is_reserved_in_every_budget_or_in_none() throws Exception {
    Budget wide = budget("1");
    Budget narrow = budget("0.01");
    Ledger ledger = ledger();
    Reservation first = reserved(now(ledger, claim(CENT, wide, narrow)));
    assertThat(ledger.reserve(claim(CENT, wide, narrow), patience(Duration.ofMillis(300))))
        .isInstanceOf(Admission.GaveUp.class);
    assertThat(ledger.standing(List.of(wide, narrow)))
        .containsExactly(
            new Standing(wide, Money.ZERO, CENT), new Standing(narrow, Money.ZERO, CENT));
    ledger.settle(first, cost(CENT));
    assertThat(now(ledger, claim(CENT, wide, narrow)))
        .isEqualTo(new Admission.Refused(narrow, CENT, Money.ZERO, CENT));
    assertThat(now(ledger, claim(CENT, wide))).isInstanceOf(Admission.Reserved.class);
  }

  @Test
  void a_claim_larger_than_its_budget_is_refused_at_once() throws Exception {
    Budget narrow = budget("0.01");
    Ledger ledger = ledger();
    assertThat(ledger.reserve(claim(CENT.times(2), narrow), patience(Duration.ofHours(1))))
        .isEqualTo(new Admission.Refused(narrow, Money.ZERO, Money.ZERO, CENT.times(2)));
  }

  @Test
  void who_waits_says_what_for_and_goes_on_when_others_settle() throws Exception {
    Budget narrow = budget("0.01");
    Ledger ledger = ledger();
    Reservation first = reserved(now(ledger, claim(CENT, narrow)));
    LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
    Patience long_ =
        new Patience(
            Instant.now().plusSeconds(20), hold -> told.add(hold == null ? "over" : said(hold)));
    Future<Admission> second = threads.submit(() -> ledger.reserve(claim(CENT, narrow), long_));
    assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("budget of " + narrow.account());
    ledger.settle(first, Settlement.FREE);
    assertThat(second.get(10, TimeUnit.SECONDS)).isInstanceOf(Admission.Reserved.class);
    assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("over");
  }

  private static String said(Hold hold) {
    return hold.what();
  }

  @Test
  void who_waits_is_woken_by_what_another_process_settles() throws Exception {
    Budget narrow = budget("0.01");
    Ledger here = ledger();
    Ledger there = ledger();
    Reservation first = reserved(now(here, claim(CENT, narrow)));
    CountDownLatch waits = new CountDownLatch(1);
    Patience long_ = new Patience(Instant.now().plusSeconds(20), hold -> waits.countDown());
    Future<Admission> second = threads.submit(() -> there.reserve(claim(CENT, narrow), long_));
    assertThat(waits.await(10, TimeUnit.SECONDS)).isTrue();
    here.settle(first, Settlement.FREE);
    assertThat(second.get(10, TimeUnit.SECONDS)).isInstanceOf(Admission.Reserved.class);
  }

  @Test
  void an_interrupt_ends_the_wait_and_leaves_nothing_reserved() throws Exception {
    Budget narrow = budget("0.01");
    Ledger ledger = ledger();
    Reservation first = reserved(now(ledger, claim(CENT, narrow)));
    CountDownLatch waits = new CountDownLatch(1);
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Patience long_ = new Patience(Instant.now().plusSeconds(20), hold -> waits.countDown());
    Thread second =
        Thread.startVirtualThread(() -> {
          try {
            ledger.reserve(claim(CENT, narrow), long_);
          } catch (InterruptedException interrupted) {
            ended.complete(interrupted);
          }
        });
    assertThat(waits.await(10, TimeUnit.SECONDS)).isTrue();
    second.interrupt();
    assertThat(ended.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    ledger.settle(first, Settlement.FREE);
    assertThat(now(ledger, claim(CENT, narrow))).isInstanceOf(Admission.Reserved.class);
  }

  @Test
  void a_large_claim_is_not_starved_by_small_ones_that_come_later() throws Exception {
    Budget ten = budget("0.10");
    Ledger ledger = ledger();
    List<Reservation> small = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      small.add(reserved(now(ledger, claim(CENT, ten))));
    }
    CountDownLatch waits = new CountDownLatch(1);
    Patience long_ = new Patience(Instant.now().plusSeconds(20), hold -> waits.countDown());
    Future<Admission> large =
        threads.submit(() -> ledger.reserve(claim(CENT.times(10), ten), long_));
    assertThat(waits.await(10, TimeUnit.SECONDS)).isTrue();
    for (Reservation each : small) {
      ledger.settle(each, Settlement.FREE);
      if (!each.equals(small.getLast())) {
        Admission later = ledger.reserve(claim(CENT, ten), patience(Duration.ofMillis(1)));
        assertThat(later).isInstanceOf(Admission.GaveUp.class);
      }
    }
    assertThat(large.get(10, TimeUnit.SECONDS)).isInstanceOf(Admission.Reserved.class);
  }

  @Test
  void settling_twice_counts_once() throws Exception {
    Budget wide = budget("1");
    Ledger ledger = ledger();
    Reservation first = reserved(now(ledger, claim(CENT, wide)));
    ledger.settle(first, cost(CENT));
    ledger.settle(first, cost(CENT));
    assertThat(ledger.standing(List.of(wide)).getFirst().settled()).isEqualTo(CENT);
  }

  @Test
  void a_bill_beyond_its_bound_is_booked_in_full_and_told() throws Exception {
    Budget narrow = budget("0.02");
    Ledger ledger = ledger();
    Reservation first = reserved(now(ledger, claim(CENT, narrow)));
    ledger.settle(first, cost(CENT.times(5)));
    assertThat(ledger.standing(List.of(narrow)))
        .containsExactly(new Standing(narrow, CENT.times(5), Money.ZERO));
    assertThat(next(BudgetEvent.Overbilled.class).cost()).isEqualTo(CENT.times(5));
    assertThat(now(ledger, claim(CENT, narrow))).isInstanceOf(Admission.Refused.class);
  }

  @Test
  void thresholds_are_told_once_by_whoever_passes_them() throws Exception {
    Budget ten = budget("0.10");
    for (int i = 0; i < 10; i++) {
      Ledger ledger = ledger();
      ledger.settle(reserved(now(ledger, claim(CENT, ten))), cost(CENT));
      ledger.close();
    }
    List<Integer> told = new ArrayList<>();
    for (BudgetEvent event : events) {
      if (event instanceof BudgetEvent.ThresholdPassed passed) {
        told.add(passed.percent());
      }
    }
    assertThat(told).containsExactly(50, 80, 100);
  }

  private <T extends BudgetEvent> T next(Class<T> type) throws InterruptedException {
    BudgetEvent event = events.poll(10, TimeUnit.SECONDS);
    while (event != null && !type.isInstance(event)) {
      event = events.poll(10, TimeUnit.SECONDS);
    }
    return type.cast(event);
  }

  @Test
  void closing_gives_back_what_was_not_used() throws Exception {
    Budget thousand = budget("10");
    Ledger first = ledger();
    first.settle(reserved(now(first, claim(CENT, thousand))), cost(CENT));
    first.close();
    assertThatThrownBy(() -> now(first, claim(CENT, thousand)))
        .isInstanceOf(dev.capstan.kernel.Refusal.class);
    Money rest = Money.dollars("9.99");
    assertThat(now(ledger(), claim(rest, thousand))).isInstanceOf(Admission.Reserved.class);
  }

  @Test
  void what_lies_idle_in_one_process_can_be_spent_by_another() throws Exception {
    Budget thousand = budget("10");
    Ledger here = ledger();
    here.settle(reserved(now(here, claim(CENT, thousand))), cost(CENT));
    Admission rest =
        ledger().reserve(claim(Money.dollars("9.99"), thousand), patience(Duration.ofSeconds(10)));
    assertThat(rest).isInstanceOf(Admission.Reserved.class);
  }
}
