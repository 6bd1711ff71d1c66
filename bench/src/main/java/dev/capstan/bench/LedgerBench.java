package dev.capstan.bench;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.TenantId;
import dev.capstan.llm.Patience;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Admission;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.budget.BudgetEvent;
import dev.capstan.llm.budget.Claim;
import dev.capstan.llm.budget.EscrowLedger;
import dev.capstan.llm.budget.Reservation;
import dev.capstan.llm.budget.Settlement;
import dev.capstan.postgres.Database;
import dev.capstan.postgres.PgVault;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a reservation and its settlement cost, with five budgets each and every row durable. */
final class LedgerBench {
  private static final Money CENT = Money.dollars("0.01");
  private static final Settlement COST =
      new Settlement(
          new dev.capstan.llm.chat.Usage(1_000, 0, 0, 200, 0, true),
          Money.dollars("0.004"),
          Settlement.How.REPORTED);

  private LedgerBench() {}

  private static Claim claim(String run, String runLimit) {
    List<Budget> budgets = new ArrayList<>();
    for (Account.Scope scope : Account.Scope.values()) {
      boolean small = scope == Account.Scope.RUN || scope == Account.Scope.AGENT;
      budgets.add(
          new Budget(
              new Account(scope, small ? run : "bench", ""),
              Money.dollars(small ? runLimit : "1000000")));
    }
    return new Claim(TenantId.LOCAL, null, "step", "agent", "key", "openai", "m", budgets, CENT);
  }

  private static Reservation reserve(EscrowLedger ledger, Claim claim) throws InterruptedException {
    Patience patience = new Patience(Instant.now().plusSeconds(10), Patience.WaitListener.NOBODY);
    return switch (ledger.reserve(claim, patience)) {
      case Admission.Reserved yes -> yes.reservation();
      case Admission no -> throw new IllegalStateException(no.toString());
    };
  }

  /** Paced calls, so that rows and draws are written as they are under an even load. */
  private record Load(String name, int calls, long everyNanos, String runLimit, int callsOfRun) {}

  private static long[] run(EscrowLedger ledger, Load load) throws InterruptedException {
    long[] took = new long[load.calls];
    long start = System.nanoTime();
    for (int i = 0; i < load.calls; i++) {
      Claim claim = claim(load.name + i / load.callsOfRun, load.runLimit);
      while (System.nanoTime() - start < i * load.everyNanos) {
        Thread.sleep(1);
      }
      long began = System.nanoTime();
      Reservation call = reserve(ledger, claim);
      long reserved = System.nanoTime();
      ledger.settle(call, COST);
      took[i] = reserved - began + (System.nanoTime() - reserved);
    }
    Arrays.sort(took);
    return took;
  }

  /** At most so many microseconds for a reservation and its settlement, and of our CPU. */
  private record Promise(double p50, double cpu) {}

  private static void measure(Database database, Load load, Targets targets, Promise promise)
      throws Exception {
    EscrowLedger ledger =
        EscrowLedger.open(
            new PgVault(database),
            System.nanoTime(),
            new EscrowLedger.Surroundings(
                InstantSource.system(), System::nanoTime, BudgetEvent.Listener.NOBODY));
    try (ledger) {
      long[] warm =
          run(
              ledger,
              new Load(
                  load.name + "-warm",
                  load.calls / 2,
                  load.everyNanos,
                  load.runLimit,
                  load.callsOfRun));
      Usage before = Usage.now(database, Usage.OURS);
      long[] took = run(ledger, load);
      Usage used = Usage.now(database, Usage.OURS).since(before);
      double p50 = took[took.length / 2] / 1e3;
      System.out.printf(
          "ledger    %-24s %,d calls, reserve + settle p50 %.1f µs p99 %.1f µs  %s (warmed by %,d)%n",
          load.name,
          load.calls,
          p50,
          took[took.length * 99 / 100] / 1e3,
          used.perRun(load.calls),
          warm.length);
      targets.atMost("µs p50, " + load.name, p50, promise.p50);
      targets.atMost("µs of our CPU, " + load.name, used.ourCpu() / 1e3 / load.calls, promise.cpu);
    }
  }

  static void main(String[] args) throws Exception {
    Targets targets = new Targets();
    int calls = Targets.numbers(args, 20_000)[0];
    Places.withDatabase(database -> {
      // Half of its CPU is waking up for each call.
      measure(
          database,
          new Load("large, 2,000/s", calls, 500_000, "100000", calls),
          targets,
          new Promise(20, 60));
      measure(
          database,
          new Load("large, as fast as it goes", calls * 5, 0, "100000", calls * 5),
          targets,
          new Promise(20, 30));
      // Each call is drawn for itself: a commit, so that a crash loses only what was under way.
      measure(
          database,
          new Load("small runs of 20 calls", calls / 5, 0, "0.20", 20),
          targets,
          new Promise(2_000, 1_000));
    });
    targets.conclude(args);
  }
}
