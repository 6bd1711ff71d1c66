package dev.capstan.llm.provider.wire;

import dev.capstan.llm.provider.FaultKind;
import java.io.EOFException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A body as it arrives: handed over before it is complete, read by one thread, one buffer at a
 * time, with a bound on every silence and on the whole.
 */
final class ByteFeed implements BodySubscriber<ByteFeed> {
  /** What the client's threads hand to the reader. */
  private sealed interface Piece {
    record Bytes(List<ByteBuffer> buffers) implements Piece {}

    record End() implements Piece {}

    record Broken(Throwable cause) implements Piece {}
  }

  private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
  private final AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();
  private List<ByteBuffer> current = List.of();
  private int at;
  private volatile boolean closed;
  private boolean ended;

  @Override
  public CompletionStage<ByteFeed> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Subscription given) {
    if (!subscription.compareAndSet(null, given) || closed) {
      given.cancel();
      return;
    }
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    pieces.add(new Piece.Bytes(buffers));
  }

  @Override
  public void onError(Throwable cause) {
    pieces.add(new Piece.Broken(cause));
  }

  @Override
  public void onComplete() {
    pieces.add(new Piece.End());
  }

  /** The next bytes; null at the end. Waits as long as {@code patience} lets it. */
  @Nullable ByteBuffer next(Patience patience) throws WireFault, InterruptedException {
    while (!ended) {
      if (at < current.size()) {
        return current.get(at++);
      }
      take(patience);
    }
    return null;
  }

  private void take(Patience patience) throws WireFault, InterruptedException {
    Piece piece = pieces.poll();
    if (piece == null) {
      long nanos = patience.left();
      piece = nanos > 0 ? pieces.poll(nanos, TimeUnit.NANOSECONDS) : null;
    }
    switch (piece) {
      case null -> throw patience.over();
      case Piece.Bytes(var buffers) -> {
        current = buffers;
        at = 0;
        Subscription given = subscription.get();
        if (given != null) {
          given.request(1);
        }
      }
      case Piece.End() -> ended = true;
      case Piece.Broken(var cause) -> throw broken(cause);
    }
  }

  private static WireFault broken(Throwable cause) {
    String how = cause instanceof EOFException ? "ended early" : "broke";
    return WireFault.of(FaultKind.CONNECTION_BROKEN, "the connection " + how + " in the answer");
  }

  /** Whether all of it was read, so that its connection may be used again. */
  boolean isAtItsEnd() {
    return ended;
  }

  /** Closes the connection, unless the body was read to its end. */
  void close() {
    closed = true;
    Subscription given = subscription.get();
    if (!ended && given != null) {
      given.cancel();
    }
  }

  /** How long a read may wait: never past the call's end, and never longer than one silence. */
  record Patience(LongSupplier nanoTime, long deadline, long longestSilence) {
    long left() {
      return Math.min(longestSilence, deadline - nanoTime.getAsLong());
    }

    Patience atMost(long nanos) {
      return new Patience(nanoTime, deadline, Math.min(longestSilence, nanos));
    }

    WireFault over() {
      boolean late = deadline - nanoTime.getAsLong() <= 0;
      return WireFault.of(
          FaultKind.TIMED_OUT,
          late ? "no whole answer within the call's time" : "silent for too long");
    }
  }
}
