package dev.capstan.llm.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SlidingLogTest {
  @Test
  void a_log_of_fifty_thousand_a_day_stays_small() {
    long day = Duration.ofDays(1).toNanos();
    SlidingLog log = new SlidingLog(day);
    int most = 0;
    for (int i = 0; i < 200_000; i++) {
      long now = i * (day / 50_000);
      if (log.fits(1, 50_000, now)) {
        var _ = log.take(1, now);
      }
      most = Math.max(most, log.entries());
    }
    assertThat(most).isLessThan(300);
  }

  @Test
  void it_knows_when_there_will_be_room() {
    SlidingLog log = new SlidingLog(100);
    var _ = log.take(5, 0);
    var _ = log.take(3, 50);
    assertThat(log.freeAt(2, 10, 60)).isEqualTo(60);
    assertThat(log.freeAt(3, 10, 60)).isEqualTo(100);
    assertThat(log.freeAt(8, 10, 60)).isEqualTo(150);
  }
}
