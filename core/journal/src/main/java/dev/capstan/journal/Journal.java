package dev.capstan.journal;

import dev.capstan.kernel.RunId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The append-only truth of every run. {@code (run, seq)} is unique, and that is the fence: whoever
 * writes a place first owns it. A run has no gaps: what does not follow on its last event is
 * fenced. Safe for use by any number of threads.
 */
public interface Journal extends AutoCloseable {
  /** The longest encoded event that is taken, in characters. */
  int LONGEST_EVENT = 16 * 1024 * 1024;

  /**
   * Hands over an append and returns at once, or, when too much is queued, as soon as there is room
   * (back-pressure; interruptible). The future completes when the append is durable or fenced, on a
   * thread of the journal's: hand long work on. While the store is down it stays incomplete and is
   * written when the store is back; it completes exceptionally only when the journal is closed
   * first.
   */
  CompletableFuture<Appended> append(Append append);

  /**
   * The run's events after {@code afterSeq} in order, at most {@code limit}; empty when there are
   * none. Blocks.
   */
  List<Recorded> read(RunId run, int afterSeq, int limit);

  /** All events of these runs, in order. Blocks. */
  Map<RunId, List<Recorded>> readAll(Collection<RunId> runs);

  /**
   * The attachment's text. Throws a {@link dev.capstan.kernel.Refusal} of {@code not_found}.
   * Blocks.
   */
  String attachment(String hash);

  /**
   * Has every durable batch handed to {@code follower}, one at a time and in order per run, on a
   * thread of the journal's, before the appends of it are acknowledged. A follower must be quick
   * and must not throw. Sees only what this process writes from now on.
   */
  void follow(Consumer<List<Recorded>> follower);

  Health health();

  @Override
  void close();
}
