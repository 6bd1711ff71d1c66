package dev.capstan.server.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * A thread of the system's that answers requests and, when one is answered, waits for the next on
 * the same connection itself: whoever sends one wakes nobody but it.
 */
final class Worker extends Thread {
  private final Selector selector;

  Worker(Runnable work, String name) {
    super(work, name);
    setDaemon(true);
    try {
      selector = Selector.open();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void run() {
    try (selector) {
      super.run();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Whether within so many milliseconds there is something to read, or the end to be told of. */
  boolean sees(SocketChannel socket, long millis) {
    try {
      if (socket.keyFor(selector) == null) {
        socket.register(selector, SelectionKey.OP_READ);
      }
      return selector.select(ready -> {}, millis) > 0;
    } catch (IOException closed) {
      return false;
    }
  }

  /** A connection that was closed meanwhile is only let go by whoever looked at it. */
  void looksAway() {
    if (selector.keys().isEmpty()) {
      return;
    }
    selector.keys().forEach(SelectionKey::cancel);
    try {
      selector.selectNow();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
