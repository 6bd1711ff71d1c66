package dev.capstan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.journal.Appended;
import dev.capstan.journal.Journal;
import dev.capstan.journal.JournalContract;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.RunId;
import java.time.InstantSource;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PgJournalIT extends JournalContract {
  private static Database database;

  @BeforeAll
  static void open_a_database() {
    database = TestServer.freshDatabase();
  }

  @AfterAll
  static void close_the_database() {
    database.close();
  }

  @Override
  protected Journal open() {
    return PgJournal.open(database, InstantSource.system(), System::nanoTime, batch -> {});
  }

  @Override
  protected Journal sameStore() {
    return open();
  }

  /** As many as the largest run that is brought from elsewhere may have. */
  @Test
  void an_append_larger_than_any_batch_is_taken_whole() {
    RunId run = newRun();
    RunEvent[] events = new RunEvent[80_000];
    Arrays.setAll(events, i -> paused("p" + i));
    assertThat(write(run, 1, events)).isEqualTo(Appended.DURABLE);
    assertThat(journal.read(run, events.length - 1, 10))
        .containsExactly(new Recorded(run, events.length, NOON, events[events.length - 1]));
  }
}
