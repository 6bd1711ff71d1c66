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
  private static final long LONGEST_PAUSE_NANOS = 5_000_000_000L;
  private static final int STARTS = 3;

  private final FolderLock lock;
  private final Postmaster postmaster;
  private final String password;
  private final int port;
  private Process server;
  private volatile boolean closing;

  private EmbeddedPostgres(FolderLock lock, Cluster cluster, Postmaster postmaster)
      throws IOException {
    this.lock = lock;
    this.postmaster = postmaster;
    this.password = cluster.password();
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

  private synchronized void watch() {
    var _ = server.onExit().thenRunAsync(this::revive, work -> Thread.ofVirtual().start(work));
  }

  private void revive() {
    long pause = FIRST_PAUSE_NANOS;
    while (!closing) {
      try {
        LOG.warn("PostgreSQL ended by itself; starting it again");
        startAgain();
        return;
      } catch (IOException failed) {
        LOG.error("PostgreSQL does not start again; trying on: {}", failed.getMessage());
        LockSupport.parkNanos(pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
      }
    }
  }

  private synchronized void startAgain() throws IOException {
    if (!closing) {
      postmaster.forgetStalePid();
      server = postmaster.start(port);
      watch();
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
