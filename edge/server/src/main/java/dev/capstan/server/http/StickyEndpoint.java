package dev.capstan.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketProcessorBase;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * Tomcat's connections, but that a {@link Worker} stays with one for a moment after an answer that
 * is one of many. As Tomcat has it a connection goes back to a poller after each answer: that is
 * woken to learn of it, woken again by the next request, and then wakes whoever answers.
 */
final class StickyEndpoint extends NioEndpoint {
  /** A client that asks less than four times a second is no load. */
  private static final long STAY_MILLIS = 250;

  /** The connection whose request the thread is at. */
  private static final ScopedValue<Connection> CURRENT = ScopedValue.newInstance();

  StickyEndpoint() {
    // What stays with a connection would be used for another meanwhile.
    socketProperties.setProcessorCache(0);
  }

  /** Says of the request that this thread is at that others like it follow on its connection. */
  static void expectMore() {
    if (CURRENT.isBound()) {
      CURRENT.get().sticky = true;
    }
  }

  /** As Tomcat does it, but for what stands for the connection. */
  @Override
  protected boolean setSocketOptions(SocketChannel socket) {
    NioChannel kept = getNioChannels() == null ? null : getNioChannels().pop();
    NioChannel channel = kept == null ? createChannel(buffers()) : kept;
    Connection connection = new Connection(socket, channel, this);
    connections.put(socket, connection);
    try {
      channel.reset(socket, connection);
      socket.configureBlocking(false);
      socketProperties.setProperties(socket.socket());
    } catch (IOException | RuntimeException broken) {
      // Whoever accepted it closes it.
      return false;
    }
    connection.setReadTimeout(getConnectionTimeout());
    connection.setWriteTimeout(getConnectionTimeout());
    connection.setKeepAliveLeft(getMaxKeepAliveRequests());
    getPoller().register(connection);
    return true;
  }

  private SocketBufferHandler buffers() {
    return new SocketBufferHandler(
        socketProperties.getAppReadBufSize(),
        socketProperties.getAppWriteBufSize(),
        socketProperties.getDirectBuffer());
  }

  @Override
  protected SocketProcessorBase<NioChannel> createSocketProcessor(
      SocketWrapperBase<NioChannel> connection, SocketEvent event) {
    return new Visit((Connection) connection, event);
  }

  /** A connection; what a worker wants to read next of it the poller is not told at once. */
  private static final class Connection extends NioSocketWrapper {
    final SocketChannel socket;
    private boolean reading;
    private boolean wanted;
    private volatile boolean sticky;

    Connection(SocketChannel socket, NioChannel channel, NioEndpoint endpoint) {
      super(channel, endpoint);
      this.socket = socket;
    }

    @Override
    public int read(boolean block, byte[] to, int offset, int length) throws IOException {
      reading = block;
      try {
        return super.read(block, to, offset, length);
      } finally {
        reading = false;
      }
    }

    @Override
    public int read(boolean block, ByteBuffer to) throws IOException {
      reading = block;
      try {
        return super.read(block, to);
      } finally {
        reading = false;
      }
    }

    /** Whoever waits within a request for the rest of it is woken by the poller. */
    @Override
    public void registerReadInterest() {
      if (!reading && Thread.currentThread() instanceof Worker) {
        wanted = true;
      } else {
        super.registerReadInterest();
      }
    }

    /** Whether it is between two requests, and the next is expected soon. */
    boolean sticks() {
      return sticky && wanted && getCurrentProcessor() == null && !isClosed();
    }

    void handOver() {
      if (wanted) {
        wanted = false;
        super.registerReadInterest();
      }
    }
  }

  /** An event of a connection, and with a worker the requests that follow soon. */
  private final class Visit extends SocketProcessor implements Workers.Work {
    private final Connection connection;

    Visit(Connection connection, SocketEvent event) {
      super(connection, event);
      this.connection = connection;
    }

    @Override
    public boolean isOneOfMany() {
      return connection.sticky;
    }

    @Override
    protected void doRun() {
      answer();
      if (Thread.currentThread() instanceof Worker worker) {
        while (connection.sticks() && worker.sees(connection.socket, STAY_MILLIS)) {
          connection.wanted = false;
          reset(connection, SocketEvent.OPEN_READ);
          answer();
        }
        worker.looksAway();
        connection.handOver();
      }
    }

    private void answer() {
      connection.sticky = false;
      ScopedValue.where(CURRENT, connection).run(super::doRun);
    }
  }
}
