package dev.capstan.llm.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EscrowLedgerTest extends LedgerContract {
  private final MemoryVault vault = new MemoryVault(InstantSource.system(), Duration.ofSeconds(30));
  private final AtomicInteger owners = new AtomicInteger();

  @Override
  protected Ledger open(BudgetEvent.Listener listener) {
    return open(vault, listener);
  }

  private EscrowLedger open(Vault on, BudgetEvent.Listener listener) {
    return EscrowLedger.open(
        on,
        owners.incrementAndGet(),
        new EscrowLedger.Surroundings(InstantSource.system(), System::nanoTime, listener));
  }

  /** A vault that is away when it is told to be, and counts what it writes. */
  private final class Door implements Vault {
    final AtomicInteger written = new AtomicInteger();
    volatile boolean away;

    @Override
    public Receipt write(Batch batch) {
      Receipt receipt = passing(vault.write(batch));
      written.incrementAndGet();
      return receipt;
    }

    private <T> T passing(T answer) {
      if (away) {
        throw Problem.of(ProblemCode.UNAVAILABLE, "the database does not answer").refusal();
      }
      return answer;
    }

    @Override
    public Map<Account, Balance> balances(Collection<Account> accounts) {
      return passing(vault.balances(accounts));
    }

    @Override
    public List<Loss> reap() {
      return passing(vault.reap());
    }

    @Override
    public Duration lease() {
      return vault.lease();
    }

    @Override
    public void close() {}
  }

  @Test
  void while_the_store_is_away_nothing_more_is_drawn_and_what_was_spent_is_written_later()
      throws Exception {
    Door door = new Door();
    EscrowLedger ledger = open(door, events::add);
    Budget large = budget("100");
    Budget small = budget("0.02");
    Money cent = Money.dollars("0.01");
    Reservation before =
        reserved(ledger.reserve(claim(cent, large), patience(Duration.ofSeconds(5))));
    door.away = true;
    assertThatThrownBy(() -> ledger.reserve(claim(cent, small), patience(Duration.ofSeconds(5))))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("unavailable");
    assertThat(events.poll(5, TimeUnit.SECONDS)).isInstanceOf(BudgetEvent.StoreAway.class);
    // What is drawn may be spent.
    Reservation within =
        reserved(ledger.reserve(claim(cent, large), patience(Duration.ofSeconds(5))));
    ledger.settle(before, cost(cent));
    ledger.settle(within, cost(cent));
    door.away = false;
    assertThat(events.poll(5, TimeUnit.SECONDS)).isInstanceOf(BudgetEvent.StoreBack.class);
    assertThat(ledger.standing(List.of(large)).getFirst().settled()).isEqualTo(cent.times(2));
    ledger.close();
    assertThat(vault.rows()).hasSize(2);
    assertThat(vault.balance(small.account())).isEqualTo(Balance.NONE);
  }

  @Test
  void a_large_budget_is_not_drawn_call_by_call() throws Exception {
    Door door = new Door();
    EscrowLedger ledger = open(door, events::add);
    Budget large = budget("1000");
    Money cent = Money.dollars("0.01");
    for (int i = 0; i < 2_000; i++) {
      ledger.settle(
          reserved(ledger.reserve(claim(cent, large), patience(Duration.ofSeconds(5)))),
          cost(cent));
    }
    assertThat(door.written.get()).isLessThan(200);
    ledger.close();
    assertThat(vault.rows()).hasSize(2_000);
    assertThat(vault.balance(large.account()))
        .isEqualTo(new Balance(cent.times(2_000), Money.ZERO));
  }

  @Test
  void what_a_dead_process_had_drawn_is_charged_and_no_more() throws Exception {
    ManualTime time = new ManualTime();
    MemoryVault mortal = new MemoryVault(time, Duration.ofSeconds(30));
    Budget twenty = budget("0.20");
    Money cent = Money.dollars("0.01");
    EscrowLedger dies = open(mortal, events::add);
    List<Reservation> flying = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      flying.add(reserved(dies.reserve(claim(cent, twenty), patience(Duration.ofSeconds(5)))));
    }
    time.pass(31_000_000_000L);
    EscrowLedger lives = open(mortal, events::add);
    assertThat(lives.standing(List.of(twenty)))
        .containsExactly(new Standing(twenty, cent.times(12), Money.ZERO));
    for (int i = 0; i < 8; i++) {
      lives.settle(
          reserved(lives.reserve(claim(cent, twenty), patience(Duration.ofSeconds(5)))),
          cost(cent));
    }
    assertThat(lives.reserve(claim(cent, twenty), patience(Duration.ofSeconds(5))))
        .isInstanceOf(Admission.Refused.class);
    // It was not dead after all: its rows take the place of what was charged.
    flying.forEach(call -> dies.settle(call, cost(cent)));
    dies.close();
    assertThat(mortal.rows().stream().filter(row -> row.id() == flying.getFirst().id())).hasSize(1);
    assertThat(mortal.lost(twenty.account())).isEqualTo(Money.ZERO);
    lives.close();
    assertThat(mortal.balance(twenty.account())).isEqualTo(new Balance(cent.times(20), Money.ZERO));
  }
}
