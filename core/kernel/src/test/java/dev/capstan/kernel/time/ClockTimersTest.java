package dev.capstan.kernel.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ClockTimersTest {
  private final InstantSource clock = InstantSource.system();

  @Test
  void it_rings_what_is_due_however_much_was_called_off_before() throws Exception {
    AtomicInteger wrong = new AtomicInteger();
    CountDownLatch rang = new CountDownLatch(2);
    try (Timers timers = ClockTimers.start(clock)) {
      Instant far = clock.instant().plusSeconds(3_600);
      for (int i = 0; i < 10_000; i++) {
        timers.at(far.plusMillis(i % 7), wrong::incrementAndGet).callOff();
        if (i == 5_000) {
          var _ = timers.at(clock.instant().plusMillis(20), rang::countDown);
        }
      }
      var _ = timers.at(clock.instant(), rang::countDown);
      assertThat(rang.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(wrong).hasValue(0);
  }
}
