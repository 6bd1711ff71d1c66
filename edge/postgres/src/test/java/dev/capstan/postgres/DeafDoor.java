package dev.capstan.postgres;

import dev.capstan.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A way to the server that can lose an answer: what was asked is done, and the connection breaks
 * before anybody hears of it.
 */
final class DeafDoor implements AutoCloseable {
  private final EmbeddedPostgres server;
  private final URI target;
  private final ServerSocket entrance;
  private final AtomicBoolean losing = new AtomicBoolean();
  private final AtomicInteger lost = new AtomicInteger();

  private DeafDoor(EmbeddedPostgres server) throws IOException {
    this.server = server;
    this.target = URI.create(server.jdbcUrl("any").substring("jdbc:".length()));
    this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::open);
  }

  static DeafDoor to(EmbeddedPostgres server) throws IOException {
    return new DeafDoor(server);
  }

  /** The same database, through this door. */
  DatabaseAddress address(Database direct) {
    String there = direct.toString().replaceFirst("\\?.*", "");
    String name = there.substring(there.lastIndexOf('/') + 1);
    String url = "jdbc:postgresql://127.0.0.1:" + entrance.getLocalPort() + "/" + name;
    return new DatabaseAddress(url, server.user(), server.password());
  }

  void loseNextAnswer() {
    losing.set(true);
  }

  int lost() {
    return lost.get();
  }

  private void open() {
    try {
      while (true) {
        Socket here = entrance.accept();
        Socket there = new Socket(target.getHost(), target.getPort());
        Thread.ofVirtual().start(() -> pass(here, there, false));
        Thread.ofVirtual().start(() -> pass(there, here, true));
      }
    } catch (IOException closed) {
      losing.set(false);
    }
  }

  private void pass(Socket from, Socket to, boolean answers) {
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      byte[] block = new byte[8_192];
      for (int read = in.read(block); read >= 0; read = in.read(block)) {
        if (answers && losing.compareAndSet(true, false)) {
          lost.incrementAndGet();
          return;
        }
        out.write(block, 0, read);
      }
    } catch (IOException broken) {
      // One side has gone, and the other is closed with it.
      losing.compareAndSet(true, losing.get());
    }
  }

  @Override
  public void close() throws IOException {
    entrance.close();
  }
}
