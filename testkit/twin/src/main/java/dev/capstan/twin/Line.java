package dev.capstan.twin;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** The wire to one client, down to its bytes, so that it can be cut wherever a scene says. */
final class Line {
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Socket socket;
  private final BufferedInputStream in;
  private final OutputStream out;

  Line(Socket socket, BufferedInputStream in) throws IOException {
    this.socket = socket;
    this.in = in;
    this.out = socket.getOutputStream();
  }

  /** The client has left, or the scene cut it off: nothing more can be said here. */
  static final class Gone extends IOException {
    private static final long serialVersionUID = 1L;

    Gone(String why) {
      super(why);
    }
  }

  void whole(int status, Map<String, String> headers, String contentType, byte[] body)
      throws IOException {
    byte[] head = head(status, headers, contentType, "Content-Length: " + body.length);
    byte[] all = java.util.Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    out.write(all);
  }

  /** The head of a body of so many bytes, which {@link #bytes} are the parts of. */
  void begin(int status, Map<String, String> headers, String contentType, long length)
      throws IOException {
    out.write(head(status, headers, contentType, "Content-Length: " + length));
  }

  /** The head of a body that comes in chunks. */
  void beginChunks(int status, Map<String, String> headers, String contentType) throws IOException {
    out.write(head(status, headers, contentType, "Transfer-Encoding: chunked"));
  }

  void bytes(byte[] bytes, int from, int length) throws IOException {
    out.write(bytes, from, length);
  }

  void chunk(byte[] bytes, int from, int length) throws IOException {
    if (length == 0) {
      return;
    }
    byte[] size = (Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[size.length + length + 2];
    System.arraycopy(size, 0, all, 0, size.length);
    System.arraycopy(bytes, from, all, size.length, length);
    System.arraycopy(CRLF, 0, all, size.length + length, 2);
    out.write(all);
  }

  void endChunks() throws IOException {
    out.write(LAST_CHUNK);
  }

  /** Says nothing for so long. Throws {@link Gone} when the client leaves meanwhile. */
  void pause(Duration howLong) throws IOException {
    if (howLong.isZero()) {
      return;
    }
    in.mark(1);
    socket.setSoTimeout((int) Math.max(1, howLong.toMillis()));
    try {
      if (in.read() < 0) {
        throw new Gone("the client left");
      }
      in.reset();
    } catch (SocketTimeoutException over) {
      return;
    } finally {
      socket.setSoTimeout(0);
    }
  }

  /** Says nothing more, until the client leaves. */
  Gone stall() throws IOException {
    while (in.read() >= 0) {
      // Whatever else it says is not listened to.
    }
    return new Gone("the client left");
  }

  Gone cut() throws IOException {
    socket.close();
    return new Gone("cut");
  }

  Gone reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
    return new Gone("reset");
  }

  private static byte[] head(
      int status, Map<String, String> headers, String contentType, String length) {
    StringBuilder head = new StringBuilder(256);
    head.append("HTTP/1.1 ").append(status).append(" Twin\r\n");
    head.append("Content-Type: ").append(contentType).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append(length).append("\r\n\r\n");
    return head.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
