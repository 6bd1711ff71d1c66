package dev.capstan.llm.stage;

import dev.capstan.kernel.time.Timers;
import java.time.Instant;

/** Interrupts its thread when it is not back by an instant; never after it is. */
final class Overseer implements AutoCloseable {
  private final Thread thread = Thread.currentThread();
  private final Timers.Alarm alarm;
  private boolean over;
  private boolean interrupted;

  Overseer(Timers timers, Instant by) {
    this.alarm = timers.at(by, this::interrupt);
  }

  private synchronized void interrupt() {
    if (!over) {
      interrupted = true;
      thread.interrupt();
    }
  }

  /** Whether it was this overseer who interrupted, and not somebody who wants the call to end. */
  synchronized boolean interrupted() {
    return interrupted;
  }

  @Override
  public synchronized void close() {
    over = true;
    alarm.callOff();
    if (interrupted) {
      // Our own interrupt came too late to be met, or was met: it is nobody else's business.
      boolean _ = Thread.interrupted();
    }
  }
}
