package dev.capstan.postgres;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.TenantId;
import dev.capstan.llm.Patience;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Admission;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.budget.BudgetEvent;
import dev.capstan.llm.budget.Claim;
import dev.capstan.llm.budget.EscrowLedger;
import dev.capstan.llm.budget.Settlement;
import dev.capstan.llm.chat.Usage;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Another process with a ledger on the same database, which does as its arguments say. */
final class LedgerProcess {
  static final Money CENT = Money.dollars("0.01");

  /** Worth twenty calls of a cent. */
  static final Budget TWENTY =
      new Budget(new Account(Account.Scope.KEY, "twenty", ""), Money.dollars("0.20"));

  /** Worth more than anybody spends. */
  static final Budget LARGE =
      new Budget(new Account(Account.Scope.TENANT, "acme", "2026-11"), Money.dollars("1000"));

  private LedgerProcess() {}

  /**
   * Starts it.
   *
   * @param deed {@code hold N}: reserves so many calls and waits to be killed; {@code burst N}:
   *     makes so many at once and says how many were admitted
   */
  static Process start(DatabaseAddress at, String deed, int calls) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            LedgerProcess.class.getName(),
            at.url(),
            at.user(),
            at.password(),
            deed,
            Integer.toString(calls))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** The first line that begins so, without its beginning. */
  static String heard(BufferedReader said, String beginning) throws IOException {
    String line = said.readLine();
    while (line != null && !line.startsWith(beginning)) {
      line = said.readLine();
    }
    if (line == null) {
      throw new AssertionError("the other process ended without saying '" + beginning + "'");
    }
    return line.substring(beginning.length()).strip();
  }

  static EscrowLedger ledger(Database database, BudgetEvent.Listener listener) {
    return EscrowLedger.open(
        new PgVault(database),
        ProcessHandle.current().pid() * 1_000_000 + System.nanoTime() % 1_000_000,
        new EscrowLedger.Surroundings(InstantSource.system(), System::nanoTime, listener));
  }

  static Claim claim() {
    return new Claim(TenantId.LOCAL, null, "", "", "p", "m", List.of(TWENTY, LARGE), CENT);
  }

  static Patience patience() {
    return new Patience(Instant.now().plusSeconds(20), Patience.WaitListener.NOBODY);
  }

  static Settlement cent() {
    return new Settlement(new Usage(1, 0, 0, 1, 0, true), CENT, Settlement.How.REPORTED);
  }

  /** So many calls at once, each of 200 ms, as in the experiment that others failed. */
  static int burst(EscrowLedger ledger, int calls) {
    AtomicInteger admitted = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < calls; i++) {
        var _ =
            threads.submit(() -> {
              if (ledger.reserve(claim(), patience()) instanceof Admission.Reserved yes) {
                admitted.incrementAndGet();
                boolean _ = new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS);
                ledger.settle(yes.reservation(), cent());
              }
              return null;
            });
      }
    }
    return admitted.get();
  }

  public static void main(String[] arguments) throws Exception {
    DatabaseAddress at = new DatabaseAddress(arguments[0], arguments[1], arguments[2]);
    int calls = Integer.parseInt(arguments[4]);
    try (Database database = Database.at(at);
        EscrowLedger ledger = ledger(database, BudgetEvent.Listener.NOBODY)) {
      if (arguments[3].equals("hold")) {
        for (int i = 0; i < calls; i++) {
          Admission admission = ledger.reserve(claim(), patience());
          if (!(admission instanceof Admission.Reserved)) {
            throw new IllegalStateException(admission.toString());
          }
        }
        System.out.println("holding " + calls);
        new CountDownLatch(1).await();
      }
      System.out.println("ready");
      int go = System.in.read();
      System.out.println("admitted " + (go < 0 ? 0 : burst(ledger, calls)));
    }
  }
}
