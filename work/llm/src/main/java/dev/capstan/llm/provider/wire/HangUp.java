package dev.capstan.llm.provider.wire;

import dev.capstan.llm.provider.FaultKind;
import java.util.concurrent.Future;
import org.apache.hc.core5.concurrent.Cancellable;

/**
 * Hangs up on a request that is silent for too long or not over in time. It is set once for a call,
 * and looks when it rings whether anything came meanwhile: a limit on each read would cost an alarm
 * for each.
 */
final class HangUp implements AutoCloseable {
  private final Deadlines deadlines;
  private final Cancellable request;
  private final long deadline;
  private final long silence;
  private volatile long heardAt;
  private volatile boolean rang;
  private boolean closed;
  private Future<?> alarm;

  /**
   * @param deadline by the clock of elapsed time, as all that follows
   * @param silence the longest, in nanoseconds
   */
  HangUp(Deadlines deadlines, Cancellable request, long deadline, long silence) {
    this.deadlines = deadlines;
    this.request = request;
    this.deadline = deadline;
    this.silence = silence;
    this.heardAt = deadlines.now();
    this.alarm = deadlines.in(left(), this::ring);
  }

  /** How long until it hangs up if nothing comes. */
  private long left() {
    long now = deadlines.now();
    return Math.min(deadline - now, heardAt + silence - now);
  }

  private synchronized void ring() {
    if (closed) {
      return;
    }
    long left = left();
    if (left > 0) {
      alarm = deadlines.in(left, this::ring);
    } else {
      rang = true;
      request.cancel();
    }
  }

  /** Something came. */
  void heard() {
    heardAt = deadlines.now();
  }

  /** Whether it was this that ended the conversation. */
  boolean hasRung() {
    return rang;
  }

  WireFault fault() {
    boolean late = deadline - deadlines.now() <= 0;
    return WireFault.of(
        FaultKind.TIMED_OUT,
        late ? "no whole answer within the call's time" : "silent for too long");
  }

  /** At once. */
  void now() {
    close();
    request.cancel();
  }

  /** After so many nanoseconds, whatever comes. */
  synchronized void within(long nanos) {
    close();
    alarm = deadlines.in(nanos, request::cancel);
  }

  /** Not any more. */
  @Override
  public synchronized void close() {
    closed = true;
    alarm.cancel(false);
  }
}
