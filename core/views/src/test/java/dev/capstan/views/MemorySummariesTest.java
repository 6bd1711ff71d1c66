package dev.capstan.views;

import dev.capstan.journal.MemoryJournal;

class MemorySummariesTest extends SummariesContract {
  @Override
  protected void open() {
    journal = new MemoryJournal();
    summaries = new MemorySummaries(journal);
  }
}
