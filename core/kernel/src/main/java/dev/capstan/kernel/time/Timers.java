package dev.capstan.kernel.time;

import java.time.Instant;

/** Does things at their time. */
public interface Timers extends AutoCloseable {
  /** Something that will be done, unless it is called off. */
  interface Alarm {
    void callOff();
  }

  /**
   * Has {@code action} done at {@code due}, or at once when that is past. The action must be quick.
   */
  Alarm at(Instant due, Runnable action);

  @Override
  void close();
}
