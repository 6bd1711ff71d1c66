package dev.capstan.llm.stage;

import dev.capstan.kernel.time.Timers;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

/** Waits for an instant, by the timers that were handed in. */
final class Pause {
  private Pause() {}

  static void until(Instant instant, Timers timers) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    Timers.Alarm alarm = timers.at(instant, over::countDown);
    try {
      over.await();
    } finally {
      alarm.callOff();
    }
  }
}
