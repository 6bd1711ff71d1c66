package dev.capstan.server.live;

import dev.capstan.views.EventStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The streams that are open, so that a stop need not wait for their readers to go. */
public final class Closing implements AutoCloseable {
  /** Forgets the stream; it does not close it. */
  public interface Entry extends AutoCloseable {
    @Override
    void close();
  }

  private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** Has the stream closed when the house closes, until the entry is closed. */
  public Entry closedWithTheHouse(EventStream stream) {
    open.add(stream);
    if (closed) {
      stream.close();
    }
    return () -> open.remove(stream);
  }

  @Override
  public void close() {
    closed = true;
    open.forEach(EventStream::close);
  }
}
