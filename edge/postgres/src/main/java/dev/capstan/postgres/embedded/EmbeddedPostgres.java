package dev.capstan.postgres.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL 18 in a folder: made at the first start, durable, owned by one process at a time,
 * started again by itself when it dies.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final long FIRST_PAUSE_NANOS = 50_000_000;
  private static final long LONGEST_PAUSE_NANOS = 2_000_000_000L;
  private static final long LONG_LIFE_NANOS = 30_000_000_000L;
  private static final int STARTS = 3;

  private final FolderLock lock;
  private final Postmaster postmaster;
  private final String password;
  private final int port;
  private final Path folder;
  private Process server;
  private volatile boolean closing;
  private volatile String trouble = "";

  /** Only the watch's. */
  private long pause = FIRST_PAUSE_NANOS;

  private EmbeddedPostgres(FolderLock lock, Cluster cluster, Postmaster postmaster)
      throws IOException {
    this.lock = lock;
    this.postmaster = postmaster;
    this.password = cluster.password();
    this.folder = cluster.folder();
    int chosen = 0;
    IOException last = null;
    for (int attempt = 0; attempt < STARTS && server == null; attempt++) {
      chosen = cluster.choosePort();
      try {
        server = postmaster.start(chosen);
      } catch (IOException failed) {
        last = failed;
      }
    }
    if (server == null) {
      throw last == null ? new IOException("PostgreSQL did not start") : last;
    }
    this.port = chosen;
  }

  /**
   * Starts the server on {@code home/data}, with its programs in {@code home/postgres}. Whatever an
   * owner who was killed left behind, a running server included, is stopped in order first: no
   * session of the dead lives on. Throws {@link FolderInUse}. Blocks: tens of milliseconds, or
   * seconds the first time.
   */
  public static EmbeddedPostgres start(Path home) {
    Path folder = home.toAbsolutePath().resolve("data");
    FolderLock lock = null;
    try {
      Folders.createPrivate(folder);
      lock = FolderLock.take(folder);
      Shell shell = Shell.find();
      Binaries binaries = Binaries.in(home.toAbsolutePath());
      Cluster cluster = Cluster.open(folder, binaries, shell);
      Postmaster postmaster = new Postmaster(cluster, binaries, shell);
      postmaster.orphan().ifPresent(postmaster::stop);
      postmaster.forgetStalePid();
      EmbeddedPostgres started = new EmbeddedPostgres(lock, cluster, postmaster);
      started.watch();
      return started;
    } catch (IOException broken) {
      release(lock);
      throw new UncheckedIOException(
          "cannot start PostgreSQL in " + folder + ": " + broken.getMessage(), broken);
    } catch (RuntimeException broken) {
      release(lock);
      throw broken;
    }
  }

  private static void release(@org.jspecify.annotations.Nullable FolderLock lock) {
    if (lock != null) {
      lock.close();
    }
  }

  /** On a thread of its own: a pool that others may fill is no place to wait for a death. */
  private void watch() {
    Thread.ofVirtual().name("postgres-watch").start(this::keepUp);
  }

  private void keepUp() {
    try {
      while (!closing) {
        long began = System.nanoTime();
        int code = current().waitFor();
        if (closing) {
          return;
        }
        LOG.warn("PostgreSQL ended by itself with {}; starting it again", code);
        pause = System.nanoTime() - began > LONG_LIFE_NANOS ? FIRST_PAUSE_NANOS : pause;
        revive();
      }
    } catch (InterruptedException nobodyDoes) {
      Thread.currentThread().interrupt();
    }
  }

  /** The pauses grow until it has lived for a while: one that dies at once is not hurried. */
  private void revive() {
    for (boolean up = false; !up && !closing; ) {
      LockSupport.parkNanos(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
      try {
        startAgain();
        trouble = "";
        up = true;
      } catch (IOException failed) {
        trouble = String.valueOf(failed.getMessage());
        LOG.error("PostgreSQL does not start again; trying on: {}", trouble);
      }
    }
  }

  private synchronized Process current() {
    return server;
  }

  private synchronized void startAgain() throws IOException {
    if (!closing) {
      postmaster.forgetStalePid();
      server = postmaster.start(port);
    }
  }

  public String user() {
    return Cluster.USER;
  }

  /** A secret: never to be logged. */
  public String password() {
    return password;
  }

  /** The address of one of its databases, without user and password. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** Why it does not start again, in its own last words; empty while it runs. */
  public String trouble() {
    return trouble;
  }

  /** The folder of its data. */
  public Path folder() {
    return folder;
  }

  /** The server's process. */
  public synchronized long pid() {
    return server.pid();
  }

  /** Stops the server in order and frees the folder. Blocks. */
  @Override
  public void close() {
    closing = true;
    synchronized (this) {
      try {
        postmaster.stop(server.pid());
      } finally {
        lock.close();
      }
    }
  }
}
