package dev.capstan.memory.lucene;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.Directory;

/**
 * An opened index. One thread writes: it takes all changes that wait, makes them, flushes them to
 * the disk once, and tells everybody. So a crowd waits for one flush and not for one each; and a
 * step that is interrupted closes no file under the others' hands.
 */
final class Index {
  interface Look<T> {
    T at(IndexSearcher searcher) throws IOException;
  }

  interface Change {
    void to(IndexWriter writer) throws IOException;
  }

  private record Waiting(Change change, CompletableFuture<Void> done) {}

  private static final int LARGEST_BATCH = 2_000;

  private final Directory folder;
  private final IndexWriter writer;
  private final SearcherManager searchers;
  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
  private final ExecutorService hand =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("memory-writer").factory());

  Index(Directory folder, IndexWriter writer) throws IOException {
    this.folder = folder;
    this.writer = writer;
    this.searchers = new SearcherManager(writer, null);
  }

  Analyzer analyzer() {
    return writer.getAnalyzer();
  }

  /** False once the disk was full or a file could not be read: then it must be opened again. */
  boolean isSound() {
    return writer.isOpen();
  }

  /** Makes the change; when this returns it is on the disk, and seen by everybody. */
  void make(Change change) throws IOException {
    Waiting mine = new Waiting(change, new CompletableFuture<>());
    waiting.add(mine);
    hand.execute(this::makeAll);
    try {
      mine.done().join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof IOException broken) {
        throw new IOException(broken.getMessage(), broken);
      }
      if (failed.getCause() instanceof RuntimeException broken) {
        throw broken;
      }
      throw failed;
    }
  }

  private void makeAll() {
    List<Waiting> batch = batch();
    while (!batch.isEmpty()) {
      make(batch);
      batch = batch();
    }
  }

  private List<Waiting> batch() {
    List<Waiting> batch = new ArrayList<>();
    Waiting next = waiting.poll();
    while (next != null) {
      batch.add(next);
      next = batch.size() == LARGEST_BATCH ? null : waiting.poll();
    }
    return batch;
  }

  private void make(List<Waiting> batch) {
    try {
      for (Waiting each : batch) {
        each.change().to(writer);
      }
      writer.commit();
      searchers.maybeRefreshBlocking();
      batch.forEach(each -> each.done().complete(null));
    } catch (IOException | RuntimeException | Error failed) {
      // Whether it is on the disk is not known: whoever writes again, does so under the same key.
      batch.forEach(each -> each.done().completeExceptionally(failed));
    }
  }

  <T> T look(Look<T> look) throws IOException {
    IndexSearcher searcher = searchers.acquire();
    try {
      return look.at(searcher);
    } finally {
      searchers.release(searcher);
    }
  }

  /** Makes what waits first. */
  void close() throws IOException {
    hand.close();
    try (folder) {
      searchers.close();
      writer.close();
    }
  }
}
