package dev.capstan.journal;

/** What came of an append. */
public enum Appended {
  /** Every event of it is on disk. */
  DURABLE,
  /**
   * Nothing of it was written: another writer already holds one of its places, so this process does
   * not own the run any more.
   */
  FENCED
}
