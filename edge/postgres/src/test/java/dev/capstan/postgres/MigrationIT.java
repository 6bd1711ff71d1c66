package dev.capstan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.RunId;
import java.sql.Connection;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That a database of an earlier version is taken over with all that is in it. */
@Timeout(120)
class MigrationIT {
  private static final String PAYLOAD =
      "{\"tenant\":\"local\",\"owner\":1,\"priority\":0,\"inputs\":{}}";

  private static void run(DatabaseAddress address, String sql) throws Exception {
    try (Connection connection = address.source().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static DatabaseAddress atVersion4(String rows) throws Exception {
    DatabaseAddress address = TestServer.emptyDatabase();
    Flyway.configure()
        .dataSource(address.source())
        .locations("classpath:db/migration")
        .target("4")
        .load()
        .migrate();
    run(
        address,
        "insert into journal (run_id, at, seq, type, payload, payload_ref) values " + rows);
    run(
        address,
        "insert into attachment (hash, body, quoted) values ('"
            + Weeks.PLAN.hash()
            + "', '"
            + Weeks.PLAN.text()
            + "', false), ('long', '{\"by\":\"old\"}', false)");
    return address;
  }

  @Test
  void the_rows_of_version_4_are_all_there_and_go_on() throws Exception {
    long now = System.currentTimeMillis() << 21;
    String planned =
        "{\"plan\":\"" + Weeks.PLAN.hash() + "\",\"planner\":\"given\",\"name\":\"p\",\"steps\":1}";
    String rows =
        "(1, 0, 1, 1, '"
            + PAYLOAD
            + "', null), (1, 0, 2, 2, '"
            + planned
            + "', null), (1, 0, 3, 16, null, 'long'), ("
            + (now + 1)
            + ", 0, 1, 1, '"
            + PAYLOAD
            + "', null)";
    try (Weeks weeks = new Weeks(Database.at(atVersion4(rows)))) {
      assertThat(weeks.journal.read(new RunId(1), 0, 10)).hasSize(3);
      assertThat(weeks.journal.read(new RunId(now + 1), 0, 10)).hasSize(1);
      assertThat(weeks.journal.attachment(Weeks.PLAN.hash())).isEqualTo(Weeks.PLAN.text());
      assertThat(weeks.ask("select payload from journal_readable where run_id = 1 and seq = 3"))
          .containsExactly("{\"by\":\"old\"}");
      weeks.pass(1);
      RunId fresh = weeks.end(weeks.begin());
      assertThat(weeks.journal.read(fresh, 0, 10)).hasSize(3);
      assertThat(weeks.placeOf(new RunId(1))).containsExactly("journal_first");
      assertThat(weeks.placeOf(fresh)).doesNotContain("journal_first", "journal_default");
    }
  }

  @Test
  void a_run_from_the_end_of_time_does_not_stop_the_migration() throws Exception {
    String rows = "(" + Long.MAX_VALUE + ", 0, 1, 1, '" + PAYLOAD + "', null)";
    try (Weeks weeks = new Weeks(Database.at(atVersion4(rows)))) {
      assertThat(weeks.journal.read(new RunId(Long.MAX_VALUE), 0, 10)).hasSize(1);
      RunId fresh = weeks.begin();
      assertThat(weeks.placeOf(fresh)).containsExactly("journal_first");
    }
  }
}
