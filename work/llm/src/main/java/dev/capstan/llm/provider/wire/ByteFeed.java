package dev.capstan.llm.provider.wire;

import dev.capstan.llm.provider.FaultKind;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it arrives, read by one thread, one buffer at a time, with a bound on every silence
 * and on the whole.
 */
final class ByteFeed implements SseReader.Pieces, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ByteFeed.class.getName());
  private static final int PIECE = 4 * 1024;

  /** How long the end of a body is waited for once its last word is there. */
  private static final long INSTANT_NANOS = 20_000_000;

  private final ClassicHttpResponse response;
  private final HangUp hangUp;
  private final InputStream body;
  private final byte[] piece = new byte[PIECE];
  private boolean ended;

  ByteFeed(ClassicHttpResponse response, HangUp hangUp) throws IOException {
    this.response = response;
    this.hangUp = hangUp;
    hangUp.heard();
    HttpEntity entity = response.getEntity();
    this.body = entity == null ? InputStream.nullInputStream() : entity.getContent();
  }

  int status() {
    return response.getCode();
  }

  ClassicHttpResponse head() {
    return response;
  }

  /** The next bytes, good until the next call; null at the end. */
  @Override
  public @Nullable ByteBuffer next() throws WireFault, InterruptedException {
    if (ended) {
      return null;
    }
    try {
      int read = body.read(piece);
      ended = read < 0;
      hangUp.heard();
      return ended ? null : ByteBuffer.wrap(piece, 0, read);
    } catch (IOException broken) {
      throw fault(broken);
    }
  }

  private WireFault fault(IOException cause) throws InterruptedException {
    // An interrupt closes the socket and leaves its flag.
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while a vendor answered");
    }
    if (hangUp.hasRung()) {
      return hangUp.fault();
    }
    boolean early =
        cause instanceof ConnectionClosedException
            || cause instanceof TruncatedChunkException
            || cause instanceof EOFException;
    return WireFault.of(
        FaultKind.CONNECTION_BROKEN,
        "the connection " + (early ? "ended early" : "broke") + " in the answer");
  }

  /**
   * Waits an instant for the end of the body: nothing comes after the last word, and only a body
   * that was read to its end frees its connection.
   */
  void drain() throws InterruptedException {
    if (ended) {
      return;
    }
    hangUp.within(INSTANT_NANOS);
    try {
      for (int i = 0; i < 4 && next() != null; i++) {
        // What comes is not wanted any more.
      }
    } catch (WireFault goesOn) {
      // The answer is whole; its connection is closed instead of used again.
    }
  }

  /** Hangs up, unless the body was read to its end. */
  @Override
  public void close() {
    if (ended) {
      hangUp.close();
    } else {
      // Closing alone would read what is left of an endless answer.
      hangUp.now();
    }
    try {
      response.close();
    } catch (IOException alreadyGone) {
      LOG.log(System.Logger.Level.DEBUG, "a connection did not close", alreadyGone);
    }
  }
}
