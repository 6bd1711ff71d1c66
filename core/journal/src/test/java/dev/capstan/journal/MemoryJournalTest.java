package dev.capstan.journal;

class MemoryJournalTest extends JournalContract {
  @Override
  protected Journal open() {
    return new MemoryJournal();
  }

  @Override
  protected Journal sameStore() {
    return journal;
  }
}
