package dev.capstan.memory.lucene;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.IOUtils;

/**
 * Opens the index in a folder. What was committed is there after any crash, for segments are never
 * changed once they are written; when a process did not close the index, every file's checksum is
 * read all the same. What a broken disk took is told, its files are kept beside, and the rest goes
 * on.
 */
final class Opening {
  private static final double RAM_MB = 8;

  /** Bounds what the graph of meanings takes on the heap while segments are merged. */
  private static final double LARGEST_SEGMENT_MB = 64;

  /** Each flush makes a segment; those below this size are merged as if they were of this size. */
  private static final double SMALL_SEGMENT_MB = 0.2;

  private static final String UNCLOSED = "unclosed";

  private final Path folder;
  private final Consumer<String> news;

  Opening(Path folder, Consumer<String> news) {
    this.folder = folder;
    this.news = news;
  }

  Index open() throws IOException {
    Files.createDirectories(folder);
    try {
      boolean unclosed = Files.exists(folder.resolve(UNCLOSED));
      Directory directory = FSDirectory.open(folder.resolve("index"));
      if (unclosed && DirectoryReader.indexExists(directory)) {
        check(directory);
      }
      Index index = opened(directory);
      Files.write(folder.resolve(UNCLOSED), new byte[0]);
      return index;
    } catch (LockObtainFailedException taken) {
      throw Problem.of(
              ProblemCode.UNAVAILABLE,
              "another process has opened the agents' memory in "
                  + folder
                  + "; stop it, or give this one a CAPSTAN_HOME of its own, or let both use a"
                  + " Chroma server (docs/memory.md)")
          .refusal();
    }
  }

  void closed() throws IOException {
    Files.deleteIfExists(folder.resolve(UNCLOSED));
  }

  private Index opened(Directory directory) throws IOException {
    try {
      return made(directory);
    } catch (CorruptIndexException
        | IndexFormatTooOldException
        | IndexFormatTooNewException
        | NoSuchFileException
        | EOFException broken) {
      mend(directory);
      return made(directory);
    }
  }

  private static Index made(Directory directory) throws IOException {
    IndexWriter writer = new IndexWriter(directory, settings());
    try {
      return new Index(directory, writer);
    } catch (IOException broken) {
      // Else it would keep the folder's lock, and what it could not read could not be mended.
      IOUtils.closeWhileHandlingException(writer::rollback);
      throw broken;
    }
  }

  private static IndexWriterConfig settings() {
    TieredMergePolicy merging = new TieredMergePolicy();
    merging.setMaxMergedSegmentMB(LARGEST_SEGMENT_MB);
    merging.setForceMergeDeletesPctAllowed(0);
    merging.setFloorSegmentMB(SMALL_SEGMENT_MB);
    ConcurrentMergeScheduler merger = new ConcurrentMergeScheduler();
    merger.setMaxMergesAndThreads(6, 1);
    return new IndexWriterConfig(new StandardAnalyzer())
        .setRAMBufferSizeMB(RAM_MB)
        .setMergePolicy(merging)
        .setMergeScheduler(merger);
  }

  private void check(Directory directory) throws IOException {
    try (CheckIndex check = new CheckIndex(directory)) {
      check.setLevel(CheckIndex.Level.MIN_LEVEL_FOR_CHECKSUM_CHECKS);
      if (check.checkIndex().clean) {
        return;
      }
    }
    mend(directory);
  }

  /** Keeps the broken files beside, and of the index whatever can be read. */
  private void mend(Directory directory) throws IOException {
    Path aside = setAside();
    try (CheckIndex check = new CheckIndex(directory)) {
      check.setLevel(CheckIndex.Level.MIN_LEVEL_FOR_INTEGRITY_CHECKS);
      CheckIndex.Status status = check.checkIndex();
      if (!status.missingSegments && !status.toolOutOfDate && !status.clean) {
        check.exorciseIndex(status);
        news.accept(
            "the index of the agents' memory was broken: "
                + status.totLoseDocCount
                + " memories could not be read, the others are kept; the broken files are in "
                + aside);
        return;
      }
    }
    for (Path file : files(folder.resolve("index"))) {
      Files.delete(file);
    }
    news.accept(
        "the index of the agents' memory could not be read at all and begins anew; the broken"
            + " files are in "
            + aside);
  }

  private Path setAside() throws IOException {
    int number = 1;
    while (Files.exists(folder.resolve("broken-" + number))) {
      number++;
    }
    Path aside = Files.createDirectory(folder.resolve("broken-" + number));
    try {
      for (Path file : files(folder.resolve("index"))) {
        Files.copy(file, aside.resolve(file.getFileName()));
      }
    } catch (IOException full) {
      // It is tried again at the next call: each try would leave another half copy.
      for (Path half : files(aside)) {
        Files.delete(half);
      }
      Files.delete(aside);
      throw full;
    }
    return aside;
  }

  private static List<Path> files(Path in) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> listed =
        Files.newDirectoryStream(in, file -> !file.endsWith(IndexWriter.WRITE_LOCK_NAME))) {
      listed.forEach(files::add);
    }
    return files;
  }
}
