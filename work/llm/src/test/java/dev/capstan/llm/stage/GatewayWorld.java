package dev.capstan.llm.stage;

import dev.capstan.kernel.Breaker;
import dev.capstan.kernel.Dice;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.TenantId;
import dev.capstan.kernel.time.Timers;
import dev.capstan.llm.ModelCall;
import dev.capstan.llm.Origin;
import dev.capstan.llm.Patience;
import dev.capstan.llm.Told;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Balance;
import dev.capstan.llm.budget.Batch;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.budget.EscrowLedger;
import dev.capstan.llm.budget.LedgerRow;
import dev.capstan.llm.budget.MemoryVault;
import dev.capstan.llm.budget.Receipt;
import dev.capstan.llm.budget.Settlement;
import dev.capstan.llm.budget.Vault;
import dev.capstan.llm.cache.MemoryAnswers;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.limit.Limit;
import dev.capstan.llm.limit.MemoryLimiter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A few processes that share budgets, their callers, and {@link LawlessVendor}s. */
final class GatewayWorld {
  private static final Duration LEASE = Duration.ofMillis(50);
  private static final List<Account.Scope> SCOPES = List.of(Account.Scope.values());

  /** What came of all worlds. */
  static final class Tale {
    final AtomicLong calls = new AtomicLong();
    final AtomicLong answered = new AtomicLong();
    final AtomicLong left = new AtomicLong();
    final AtomicLong refused = new AtomicLong();
    final AtomicLong affordable = new AtomicLong();
    final AtomicLong killed = new AtomicLong();
    final AtomicLong attempts = new AtomicLong();

    @Override
    public String toString() {
      return "%d calls, %d attempts, %d answered, %d left by their callers, %d refused, %d of them though affordable, %d processes killed"
          .formatted(
              calls.get(),
              attempts.get(),
              answered.get(),
              left.get(),
              refused.get(),
              affordable.get(),
              killed.get());
    }
  }

  /** The store as one process sees it; once that process is dead, nothing of it gets there. */
  private final class Door implements Vault {
    private Vault there = vault;

    @Override
    public synchronized Receipt write(Batch batch) {
      return there.write(batch);
    }

    synchronized void die() {
      there = new MemoryVault(InstantSource.system(), LEASE);
    }

    @Override
    public synchronized Map<Account, Balance> balances(Collection<Account> accounts) {
      return there.balances(accounts);
    }

    @Override
    public synchronized List<Loss> reap() {
      return there.reap();
    }

    @Override
    public Duration lease() {
      return LEASE;
    }

    @Override
    public void close() {}
  }

  private final class House {
    final Door door = new Door();
    final EscrowLedger ledger;
    final ModelGateway gateway;
    final List<Thread> callers = new ArrayList<>();
    volatile boolean dead;

    House(long owner) {
      ledger =
          EscrowLedger.open(
              door,
              owner,
              new EscrowLedger.Surroundings(InstantSource.system(), System::nanoTime, _ -> {}));
      List<Target> targets = new ArrayList<>();
      for (String name : List.of("first", "second")) {
        targets.add(
            new Target(
                new LawlessVendor(name, new Ground(bills, seed, events), () -> dead),
                "model",
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                new Target.Health(Breaker.Rules.DEFAULT)));
      }
      Route route =
          new Route(
              "smart",
              targets,
              new Retries(2, Duration.ZERO, Duration.ZERO, false, Duration.ofSeconds(1)),
              GatewayRig.OUTPUT_BOUND,
              200,
              Duration.ZERO,
              Duration.ofSeconds(20));
      gateway =
          new ModelGateway(
              Map.of("smart", route),
              new GatewayParts(
                  ledger,
                  new MemoryLimiter(timers, InstantSource.system()),
                  new MemoryAnswers(InstantSource.system(), 1 << 10),
                  new LawfulTariff(seed),
                  rules(seed),
                  Meter.NONE,
                  timers,
                  InstantSource.system(),
                  System::nanoTime,
                  seed));
    }

    void ask(int number) {
      Thread caller = Thread.ofVirtual().unstarted(() -> events.add(new Ended(told(number))));
      callers.add(caller);
      caller.start();
    }

    private Outcome told(int number) {
      ModelCall call = call(number);
      try {
        Told told = gateway.ask(call, sink(number), Patience.WaitListener.NOBODY);
        return dead ? Outcome.LEFT : outcome(told, call);
      } catch (InterruptedException | LawlessVendor.Gone gone) {
        return Outcome.LEFT;
      }
    }

    private Outcome outcome(Told told, ModelCall call) {
      return switch (told) {
        case Told.Answered _ -> Outcome.ANSWERED;
        case Told.Failed failed ->
            failed.problem().toString().contains("budget")
                ? bills.hasRoomFor(ledger.standing(call.budgets()), GatewayRig.MOST)
                    ? Outcome.REFUSED_THOUGH_AFFORDABLE
                    : Outcome.REFUSED
                : Outcome.FAILED;
      };
    }

    void kill() {
      dead = true;
      door.die();
      callers.forEach(Thread::interrupt);
    }
  }

  /** Any number of calls, or so many tokens in the blink of an eye. */
  private static Rules rules(long seed) {
    Limit few = new Limit("all", Limit.Unit.TOKENS, 300, Duration.ofMillis(20));
    return Dice.unit(seed, 3, 0) < 0.1 ? new OnlyLimits(() -> List.of(few)) : Rules.NONE;
  }

  /** What vendors are given. */
  record Ground(Bills bills, long seed, Queue<Event> events) {}

  /** What the world hears of. */
  sealed interface Event {}

  record Ended(Outcome outcome) implements Event {}

  /** A vendor fell silent; its caller will leave. */
  record Silent(Thread caller) implements Event {}

  enum Outcome {
    ANSWERED,
    FAILED,
    REFUSED,
    REFUSED_THOUGH_AFFORDABLE,
    LEFT
  }

  private final long seed;
  private final Random random;
  private final Timers timers;
  private final Tale tale;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final AtomicLong ahead = new AtomicLong();
  private final MemoryVault vault =
      new MemoryVault(() -> InstantSource.system().instant().plusSeconds(ahead.get()), LEASE);
  private final List<Budget> budgets = new ArrayList<>();
  private final List<List<Budget>> ofCall = new ArrayList<>();
  private final Bills bills = new Bills(vault);
  private final List<House> houses = new ArrayList<>();

  GatewayWorld(long seed, Timers timers, Tale tale) {
    this.seed = seed;
    this.timers = timers;
    this.tale = tale;
    random = new Random(Dice.mix(seed));
    int accounts = 1 + random.nextInt(4);
    for (int i = 0; i < accounts; i++) {
      long calls = random.nextInt(3) == 0 ? 2_000 : 1 + random.nextInt(12);
      budgets.add(new Budget(new Account(SCOPES.get(i), "it", ""), GatewayRig.MOST.times(calls)));
    }
    int calls = 3 + random.nextInt(10);
    for (int i = 0; i < calls; i++) {
      List<Budget> against = new ArrayList<>();
      for (Budget budget : budgets) {
        if (against.isEmpty() || random.nextInt(4) > 0) {
          against.add(budget);
        }
      }
      ofCall.add(against);
      bills.opens(i, against);
    }
    int count = 1 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      houses.add(new House(i + 1L));
    }
  }

  private ModelCall call(int number) {
    return new ModelCall(
        new Origin(TenantId.LOCAL, null, Integer.toString(number), "", ""),
        "smart",
        List.of(Message.User.says(Integer.toString(number))),
        List.of(),
        Sampling.DEFAULT,
        new AnswerFormat.FreeText(),
        Dice.unit(seed, 1, number) < 0.5,
        false,
        ofCall.get(number),
        InstantSource.system().instant().plusSeconds(60));
  }

  /** Some callers leave after the first piece. */
  private DeltaSink sink(int number) {
    boolean leaves = Dice.unit(seed, 2, number) < 0.1;
    return delta -> {
      if (leaves) {
        throw new LawlessVendor.Gone();
      }
    };
  }

  /** Everybody asks; some leave, and now and then a whole process dies. */
  void live() throws InterruptedException {
    int calls = ofCall.size();
    for (int i = 0; i < calls; i++) {
      houses.get(random.nextInt(houses.size())).ask(i);
    }
    int ended = 0;
    while (ended < calls) {
      Event event = events.poll(60, TimeUnit.SECONDS);
      switch (event) {
        case Ended end -> {
          ended++;
          count(end.outcome());
          if (random.nextInt(200) == 0) {
            die(houses.get(random.nextInt(houses.size())));
          }
        }
        case Silent silent -> silent.caller().interrupt();
        case null -> throw new AssertionError("a call hangs");
      }
    }
  }

  private void die(House house) {
    if (!house.dead) {
      tale.killed.incrementAndGet();
      house.kill();
    }
  }

  private void count(Outcome outcome) {
    tale.calls.incrementAndGet();
    switch (outcome) {
      case ANSWERED -> tale.answered.incrementAndGet();
      case LEFT -> tale.left.incrementAndGet();
      case REFUSED -> tale.refused.incrementAndGet();
      case REFUSED_THOUGH_AFFORDABLE -> {
        tale.refused.incrementAndGet();
        tale.affordable.incrementAndGet();
      }
      case FAILED -> {}
    }
  }

  /** The processes end in order, leases run out, and the books are read beside the bills. */
  void end() {
    houses.forEach(house -> house.ledger.close());
    ahead.set(1);
    vault.reap();
    boolean died = houses.stream().anyMatch(house -> house.dead);
    List<LedgerRow> rows = vault.rows();
    tale.attempts.addAndGet(bills.attempts());
    for (int call = 0; call < ofCall.size(); call++) {
      String step = Integer.toString(call);
      List<LedgerRow> its = rows.stream().filter(row -> row.claim().step().equals(step)).toList();
      bills.check(call, its, died);
    }
    for (Budget budget : budgets) {
      Account account = budget.account();
      Balance there = vault.balances(List.of(account)).getOrDefault(account, Balance.NONE);
      Money booked =
          rows.stream()
              .filter(row -> row.claim().budgets().contains(budget))
              .map(LedgerRow::settlement)
              .map(Settlement::cost)
              .reduce(vault.lost(account), Money::plus);
      Bills.hold(there.held().equals(Money.ZERO), "nothing outlives its lease", account);
      Bills.hold(there.settled().equals(booked), "settled is rows and losses", account);
      Bills.hold(
          there.settled().compareTo(bills.of(account)) >= 0, "settled covers bills", account);
      Bills.hold(there.settled().compareTo(budget.limit()) <= 0, "settled is in budget", account);
    }
  }
}
