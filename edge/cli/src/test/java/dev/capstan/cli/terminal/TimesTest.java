package dev.capstan.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class TimesTest {
  @Test
  void lengths_read_as_people_say_them() {
    assertThat(Times.length(Duration.ofMillis(34))).isEqualTo("34 ms");
    assertThat(Times.length(Duration.ofMillis(1_240))).isEqualTo("1.2 s");
    assertThat(Times.length(Duration.ofSeconds(45))).isEqualTo("45 s");
    assertThat(Times.length(Duration.ofSeconds(184))).isEqualTo("3 min 4 s");
    assertThat(Times.length(Duration.ofHours(2))).isEqualTo("2 h");
    assertThat(Times.length(Duration.ofHours(76))).isEqualTo("3 d 4 h");
    assertThat(Times.length(Duration.ofSeconds(-5))).isEqualTo("0 ms");
  }

  @Test
  void another_day_is_said() {
    ZoneId zone = ZoneId.of("Europe/Berlin");
    Instant now = Instant.parse("2026-11-21T12:00:00Z");
    assertThat(Times.clock(now, now, zone)).isEqualTo("13:00:00");
    assertThat(Times.clock(now.minusSeconds(90_000), now, zone)).isEqualTo("2026-11-20 12:00");
  }

  @Test
  void what_is_no_instant_is_none() {
    assertThat(Times.parse("soon")).isEmpty();
    assertThat(Times.parse("")).isEmpty();
  }
}
