package dev.capstan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.RunId;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Balance;
import dev.capstan.llm.budget.Batch;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.budget.Receipt;
import dev.capstan.llm.budget.Vault;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Accounts of what is long over go, and no other: whatever happens, no budget has more room. */
@Timeout(600)
class LedgerForgettingIT {
  private static final Duration MONTH = Duration.ofDays(30);
  private static final Money CENT = Money.dollars("0.01");
  private static final Money LIMIT = Money.dollars("0.20");
  private static final int SCHEDULES = Boolean.getBoolean("capstan.long") ? 24 : 4;
  private static final int STEPS = 60;

  private Weeks weeks;

  @BeforeEach
  void open() {
    weeks = new Weeks();
    weeks.pass(1);
  }

  @AfterEach
  void close() {
    weeks.close();
  }

  /** A process: its ledger's number and how far it has come. */
  private final class Spender implements AutoCloseable {
    private final PgVault vault = new PgVault(weeks.database);
    private final long owner;
    private final Map<Account, Money> drawn = new HashMap<>();
    private long seq;

    Spender(long owner) {
      this.owner = owner;
    }

    boolean draw(Account account, Money amount) {
      Batch.Wish wish = new Batch.Wish(new Budget(account, LIMIT), amount, amount);
      Batch.Draw draw = new Batch.Draw(List.of(wish));
      var receipt = vault.write(new Batch(owner, ++seq, List.of(), List.of(), List.of(draw)));
      boolean granted = receipt.verdicts().getFirst() instanceof Receipt.Verdict.Granted;
      if (granted) {
        drawn.merge(account, amount, Money::plus);
      }
      return granted;
    }

    /** Spends so much of what it drew, or beyond it, and gives the rest back. */
    Money spend(Account account, Money spent) {
      Money released = drawn.getOrDefault(account, Money.ZERO);
      drawn.remove(account);
      Batch.Movement movement = new Batch.Movement(account, spent, released);
      var _ = vault.write(new Batch(owner, ++seq, List.of(movement), List.of(), List.of()));
      return released;
    }

    @Override
    public void close() {
      vault.close();
    }
  }

  private static Account of(RunId run, String agent) {
    return agent.isEmpty()
        ? new Account(Account.Scope.RUN, run.toString(), "")
        : new Account(Account.Scope.AGENT, run + "/" + agent, "");
  }

  private static Account on(String tenant, Instant day, int letters) {
    String period = day.toString().substring(0, letters);
    return new Account(Account.Scope.TENANT, tenant, period);
  }

  private void pass(int times) {
    weeks.pass(times);
    weeks.run("update ledger_account set used_at = used_at - interval '" + 7 * times + " days'");
  }

  private Map<Account, Balance> balances(List<Account> accounts) {
    try (PgVault vault = new PgVault(weeks.database)) {
      return vault.balances(accounts);
    }
  }

  @Test
  void accounts_of_runs_and_days_that_are_over_go_and_what_may_be_charged_stays() {
    RunId gone = weeks.end(weeks.begin());
    Account day = on("local", weeks.clock.instant(), 10);
    Account month = on("local", weeks.clock.instant(), 7);
    Account odd = new Account(Account.Scope.TENANT, "local", "for ever");
    Account held = of(weeks.next(), "");
    Account lost = of(weeks.next(), "");
    List<Account> go = List.of(of(gone, ""), of(gone, "writer"), of(gone, "a/b"), day, month);
    pass(1);
    RunId waiting = weeks.begin();
    List<Account> stay = List.of(of(waiting, ""), of(waiting, "writer"), odd, held, lost);
    try (Spender process = new Spender(1);
        Spender dying = new Spender(2)) {
      List<Account> all = new ArrayList<>(go);
      all.addAll(stay);
      for (Account account : all) {
        assertThat(process.draw(account, CENT)).isTrue();
        if (!account.equals(held)) {
          process.spend(account, CENT);
        }
      }
      assertThat(dying.draw(lost, CENT)).isTrue();
      weeks.run("update ledger_owner set expires_at = now() where id = 2");
      assertThat(process.vault.reap()).hasSize(1);
      weeks.look(MONTH);
      assertThat(balances(all)).as("all are young").hasSize(all.size());
      pass(10);
      weeks.look(MONTH);
      assertThat(balances(all).keySet()).containsExactlyInAnyOrderElementsOf(stay);
      process.spend(of(gone, ""), CENT);
      assertThat(balances(go)).as("a late bill is booked").containsOnlyKeys(of(gone, ""));
    }
  }

  @Test
  void whoever_knew_a_number_that_is_gone_gets_another_one() {
    Account account = of(weeks.next(), "");
    try (Spender one = new Spender(1);
        Spender other = new Spender(2)) {
      for (Spender each : List.of(one, other)) {
        assertThat(each.draw(account, CENT)).isTrue();
        each.spend(account, CENT);
      }
      pass(10);
      weeks.look(MONTH);
      assertThat(balances(List.of(account))).isEmpty();
      assertThat(one.draw(account, CENT)).isTrue();
      assertThat(other.draw(account, LIMIT)).as("the other's cent is in the way").isFalse();
      other.spend(account, CENT);
      assertThat(balances(List.of(account))).containsEntry(account, new Balance(CENT, CENT));
    }
  }

  @Test
  void whatever_happens_no_account_that_may_be_charged_loses_anything() throws Exception {
    for (int seed = 1; seed <= SCHEDULES; seed++) {
      Schedule schedule = new Schedule(seed);
      try {
        for (int step = 0; step < STEPS; step++) {
          schedule.step();
          schedule.check();
        }
      } catch (RuntimeException | AssertionError broken) {
        throw new AssertionError("seed " + seed, broken);
      } finally {
        schedule.processes.forEach(Spender::close);
      }
    }
  }

  /** What happened so far, and what the books must say of it. */
  private final class Schedule {
    private final Random dice;
    private final String tenant;
    private final List<Spender> processes = new ArrayList<>();
    private final List<RunId> runs = new ArrayList<>();
    private final List<RunId> ended = new ArrayList<>();
    private final Map<Account, Balance> books = new HashMap<>();

    /** Charged for the dead, by account. */
    private final Map<Account, Money> charged = new HashMap<>();

    private long owners;

    Schedule(int seed) {
      dice = new Random(seed);
      tenant = "local " + seed;
      owners = 1_000L * seed;
      for (int i = 0; i < 3; i++) {
        processes.add(new Spender(++owners));
      }
    }

    void step() {
      Spender process = processes.get(dice.nextInt(processes.size()));
      switch (dice.nextInt(10)) {
        case 0 -> runs.add(weeks.begin());
        case 1 -> endOne();
        case 2 -> {
          pass(1 + dice.nextInt(4));
          weeks.look(MONTH);
        }
        case 3 -> die(process);
        case 4, 5 -> spend(process, account());
        default -> draw(process, account());
      }
    }

    private void endOne() {
      if (!runs.isEmpty()) {
        RunId run = runs.remove(dice.nextInt(runs.size()));
        ended.add(weeks.end(run));
      }
    }

    private Account account() {
      List<RunId> known = dice.nextInt(3) == 0 && !ended.isEmpty() ? ended : runs;
      return known.isEmpty() || dice.nextInt(4) == 0
          ? on(tenant, weeks.clock.instant(), dice.nextBoolean() ? 10 : 7)
          : of(known.get(dice.nextInt(known.size())), dice.nextBoolean() ? "" : "writer");
    }

    private void draw(Spender process, Account account) {
      takeBack(process);
      Balance before = books.getOrDefault(account, Balance.NONE);
      Money amount = CENT.times(1 + dice.nextInt(8));
      boolean fits = before.settled().plus(before.held()).plus(amount).compareTo(LIMIT) <= 0;
      assertThat(process.draw(account, amount)).as("%s of %s", amount, account).isEqualTo(fits);
      Money drawn = fits ? amount : Money.ZERO;
      books.put(account, new Balance(before.settled(), before.held().plus(drawn)));
    }

    private void spend(Spender process, Account account) {
      takeBack(process);
      Balance before = books.getOrDefault(account, Balance.NONE);
      Money spent = CENT.times(dice.nextInt(3));
      Money released = process.spend(account, spent);
      books.put(account, new Balance(before.settled().plus(spent), before.held().minus(released)));
    }

    /** Its lease ends and it is charged; it may live all the same. */
    private void die(Spender process) {
      weeks.run("update ledger_owner set expires_at = now() where id = " + process.owner);
      boolean held = !process.drawn.isEmpty() && charge(process, 1);
      List<Vault.Loss> losses = processes.getFirst().vault.reap();
      assertThat(losses.stream().anyMatch(loss -> loss.owner() == process.owner)).isEqualTo(held);
      if (dice.nextBoolean()) {
        processes.remove(process);
        process.close();
        processes.add(new Spender(++owners));
      }
    }

    private final List<Long> dead = new ArrayList<>();

    private boolean charge(Spender process, int sign) {
      if ((sign > 0) == dead.contains(process.owner)) {
        return false;
      }
      process.drawn.forEach((account, amount) -> {
        Money change = amount.times(sign);
        Balance before = books.getOrDefault(account, Balance.NONE);
        books.put(account, new Balance(before.settled().plus(change), before.held().minus(change)));
        charged.merge(account, change, Money::plus);
      });
      if (sign > 0) {
        dead.add(process.owner);
      } else {
        dead.remove(process.owner);
      }
      return true;
    }

    private void takeBack(Spender process) {
      boolean _ = charge(process, -1);
    }

    void check() {
      Map<Account, Balance> found = balances(List.copyOf(books.keySet()));
      for (Account account : List.copyOf(books.keySet())) {
        Balance expected = books.getOrDefault(account, Balance.NONE);
        Balance actual = found.get(account);
        if (actual == null) {
          assertThat(expected.held()).as("held of %s", account).isEqualTo(Money.ZERO);
          assertThat(charged.getOrDefault(account, Money.ZERO)).isEqualTo(Money.ZERO);
          assertThat(isOver(account)).as("%s is over", account).isTrue();
          books.remove(account);
        } else {
          assertThat(actual).as("%s", account).isEqualTo(expected);
        }
      }
    }

    private boolean isOver(Account account) {
      Instant limit = weeks.clock.instant().minus(MONTH).truncatedTo(ChronoUnit.DAYS);
      return account.scope() == Account.Scope.TENANT
          ? account.period().compareTo(limit.toString().substring(0, account.period().length())) < 0
          : weeks.placeOf(RunId.parse(account.id().split("/", 2)[0])).isEmpty();
    }
  }

  @Test
  void forgetting_while_others_draw_leaves_no_hold_without_its_account() throws Exception {
    List<Account> accounts = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      accounts.add(of(weeks.next(), ""));
    }
    pass(10);
    Instant before = weeks.clock.instant().minus(MONTH);
    long forgotten = 0;
    try (ExecutorService hands = Executors.newFixedThreadPool(3)) {
      List<Future<?>> busy = new ArrayList<>();
      for (long owner = 1; owner <= 3; owner++) {
        Spender process = new Spender(owner);
        busy.add(hands.submit(() -> work(process, accounts)));
      }
      while (!busy.stream().allMatch(Future::isDone)) {
        weeks.run("update ledger_account set used_at = '2000-01-01' where held = 0");
        try (var connection = weeks.database.connect("test", "")) {
          forgotten += LedgerForgetting.forget(connection, before);
        }
      }
      for (Future<?> each : busy) {
        each.get();
      }
    }
    assertThat(forgotten).isPositive();
    assertThat(weeks.ask("select count(*) from ledger_hold")).containsExactly("0");
    assertThat(weeks.ask("select count(*) from ledger_account where held <> 0"))
        .containsExactly("0");
  }

  private static void work(Spender process, List<Account> accounts) {
    Random dice = new Random(process.owner);
    try (process) {
      for (int i = 0; i < 200; i++) {
        Account account = accounts.get(dice.nextInt(accounts.size()));
        boolean _ = process.draw(account, CENT);
        var _ = process.spend(account, CENT);
      }
    }
  }
}
