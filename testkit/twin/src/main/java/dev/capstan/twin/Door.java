package dev.capstan.twin;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Listens on loopback; each connection has a virtual thread, and its requests come one by one. */
final class Door implements AutoCloseable {
  private static final int BACKLOG = 4096;

  /** Answers a request on its line. */
  @FunctionalInterface
  interface Front {
    void answer(HttpAsk ask, Line line) throws IOException;
  }

  private final ServerSocket server;
  private final Front front;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  Door(int port, Front front) {
    this.front = front;
    try {
      server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    } catch (IOException taken) {
      throw new UncheckedIOException(taken);
    }
    Thread.ofVirtual().name("twin-door").start(this::listen);
  }

  int port() {
    return server.getLocalPort();
  }

  private void listen() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        Thread.ofVirtual().name("twin-line").start(() -> serve(socket));
      } catch (IOException closed) {
        if (server.isClosed()) {
          return;
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      BufferedInputStream in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
      Line line = new Line(socket, in);
      for (HttpAsk ask = HttpAsk.read(in); ask != null; ask = HttpAsk.read(in)) {
        front.answer(ask, line);
        if ("close".equalsIgnoreCase(ask.header("connection"))) {
          return;
        }
      }
    } catch (IOException gone) {
      // The client's own way to say that it has heard enough, or the scene's to say no more.
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
