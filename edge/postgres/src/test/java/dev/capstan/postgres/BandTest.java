package dev.capstan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.RunIds;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class BandTest {
  @Test
  void a_band_is_a_week_from_monday_to_sunday() {
    Instant saturday = Instant.parse("2026-11-21T12:00:00Z");
    Band band = new Band(Band.numberAt(saturday), false);
    assertThat(band.firstDay()).hasToString("2026-11-16");
    assertThat(band.begins().atOffset(ZoneOffset.UTC).getDayOfWeek()).isEqualTo(DayOfWeek.MONDAY);
    assertThat(Band.numberAt(band.begins())).isEqualTo(band.number());
    assertThat(Band.numberAt(band.begins().minusMillis(1))).isEqualTo(band.number() - 1);
    assertThat(band.journalTable()).isEqualTo("journal_2026_11_16");
    assertThat(band).hasToString("the week of 2026-11-16");
  }

  @Test
  void bands_hold_every_id_there_can_be_once() {
    long[] ids = {1, 1_000, RunIds.firstAt(Instant.EPOCH.plusSeconds(1)).value(), Long.MAX_VALUE};
    for (long id : ids) {
      Band band = new Band(Band.numberOf(id), false);
      assertThat(id).isBetween(band.lowest(), band.highest());
      if (band.highest() < Long.MAX_VALUE) {
        assertThat(Band.numberOf(band.highest() + 1)).isEqualTo(band.number() + 1);
        assertThat(new Band(band.number() + 1, false).lowest()).isEqualTo(band.highest() + 1);
      }
    }
    assertThat(new Band(Band.numberOf(Long.MAX_VALUE), false).runBounds()).endsWith("(maxvalue)");
  }

  @Test
  void the_first_band_takes_in_all_that_is_older() {
    Band first = new Band(2_900, true);
    assertThat(first.lowest()).isZero();
    assertThat(first.runBounds()).startsWith("from (minvalue)");
    assertThat(first.bandBounds()).isEqualTo("from (minvalue) to (2901)");
    assertThat(first.journalTable()).isEqualTo("journal_first");
  }
}
