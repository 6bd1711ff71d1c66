package dev.capstan.postgres;

import static dev.capstan.postgres.LedgerProcess.CENT;
import static dev.capstan.postgres.LedgerProcess.LARGE;
import static dev.capstan.postgres.LedgerProcess.TWENTY;
import static dev.capstan.postgres.LedgerProcess.claim;
import static dev.capstan.postgres.LedgerProcess.patience;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.Refusal;
import dev.capstan.llm.budget.Admission;
import dev.capstan.llm.budget.BudgetEvent;
import dev.capstan.llm.budget.EscrowLedger;
import dev.capstan.llm.budget.Reservation;
import dev.capstan.llm.budget.Standing;
import dev.capstan.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The experiments that gateways of today fail: budget worth 20 calls, real processes, real deaths.
 */
@Timeout(120)
class PgLedgerFaultsIT {
  private final LinkedBlockingQueue<BudgetEvent> events = new LinkedBlockingQueue<>();
  private EmbeddedPostgres server;
  private DatabaseAddress address;
  private Database database;

  @BeforeEach
  void start_a_server_of_its_own() {
    server = EmbeddedPostgres.start(TestHomes.make());
    address = new DatabaseAddress(server.jdbcUrl("postgres"), server.user(), server.password());
    database = Database.at(address);
  }

  @AfterEach
  void stop_it() {
    database.close();
    server.close();
  }

  @Test
  void two_processes_with_two_hundred_calls_at_once_admit_twenty() throws Exception {
    Process other = LedgerProcess.start(address, "burst", 100);
    try (BufferedReader said = other.inputReader();
        EscrowLedger ledger = LedgerProcess.ledger(database, events::add)) {
      assertThat(LedgerProcess.heard(said, "ready")).isEmpty();
      other.outputWriter().append('\n').flush();
      int ours = LedgerProcess.burst(ledger, 100);
      int theirs = Integer.parseInt(LedgerProcess.heard(said, "admitted"));
      assertThat(ours + theirs).isEqualTo(20);
      assertThat(other.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(ledger.standing(List.of(TWENTY)))
          .containsExactly(new Standing(TWENTY, TWENTY.limit(), Money.ZERO));
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void killed_with_twelve_calls_in_flight_it_loses_those_and_no_more() throws Exception {
    Process other = LedgerProcess.start(address, "hold", 12);
    try (BufferedReader said = other.inputReader();
        EscrowLedger ledger = LedgerProcess.ledger(database, events::add)) {
      assertThat(LedgerProcess.heard(said, "holding")).isEqualTo("12");
      other.destroyForcibly().waitFor();
      for (int i = 0; i < 8; i++) {
        ledger.settle(reserved(ledger), LedgerProcess.cent());
      }
      expire();
      assertThat(ledger.reserve(claim(), patience())).isInstanceOf(Admission.Refused.class);
      List<Standing> standing = ledger.standing(List.of(TWENTY, LARGE));
      assertThat(standing.getFirst()).isEqualTo(new Standing(TWENTY, TWENTY.limit(), Money.ZERO));
      // Of a large budget an allowance is lost with the process: a small part of what is left.
      assertThat(standing.getLast().settled().pico())
          .isBetween(CENT.times(20).pico(), LARGE.limit().pico() / 50);
      assertThat(losses()).isEqualTo(2);
    } finally {
      other.destroyForcibly();
    }
  }

  private long losses() {
    return events.stream().filter(BudgetEvent.OwnerLost.class::isInstance).count();
  }

  /** The other process's lease, thirty seconds early. */
  private void expire() throws Exception {
    try (Connection connection = database.pool().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "update ledger_owner set expires_at = now() where id in"
              + " (select owner from ledger_hold group by owner having sum(amount) >= 120000000000)");
    }
  }

  private static Reservation reserved(EscrowLedger ledger) throws InterruptedException {
    Admission admission = ledger.reserve(claim(), patience());
    assertThat(admission).isInstanceOf(Admission.Reserved.class);
    return ((Admission.Reserved) admission).reservation();
  }

  @Test
  void a_server_that_is_killed_and_comes_back_costs_no_call_its_row() throws Exception {
    try (EscrowLedger ledger = LedgerProcess.ledger(database, events::add)) {
      List<Reservation> flying = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        flying.add(reserved(ledger));
      }
      ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
      flying.forEach(call -> ledger.settle(call, LedgerProcess.cent()));
      int admitted = 12;
      long giveUp = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      boolean refused = false;
      while (!refused && System.nanoTime() < giveUp) {
        try {
          Admission admission = ledger.reserve(claim(), patience());
          if (admission instanceof Admission.Reserved yes) {
            admitted++;
            ledger.settle(yes.reservation(), LedgerProcess.cent());
          }
          refused = admission instanceof Admission.Refused;
        } catch (Refusal away) {
          // Nothing is spent unrecorded; it tells when it is back, and is asked again before that,
          // too.
          boolean overbilled =
              events.poll(200, TimeUnit.MILLISECONDS) instanceof BudgetEvent.Overbilled;
          assertThat(overbilled).isFalse();
        }
      }
      assertThat(admitted).isEqualTo(20);
      assertThat(ledger.standing(List.of(TWENTY)))
          .containsExactly(new Standing(TWENTY, TWENTY.limit(), Money.ZERO));
      assertThat(TestServer.number(database, "select count(*) from ledger_row")).isEqualTo(20);
    }
  }
}
