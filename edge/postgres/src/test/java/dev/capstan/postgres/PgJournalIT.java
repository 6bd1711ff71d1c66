package dev.capstan.postgres;

import dev.capstan.journal.Journal;
import dev.capstan.journal.JournalContract;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

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
}
