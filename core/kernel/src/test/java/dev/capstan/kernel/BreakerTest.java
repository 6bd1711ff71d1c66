package dev.capstan.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Breaker.State;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final Breaker breaker = new Breaker();

  @Test
  void five_failures_in_a_row_open_it_and_a_success_between_does_not_count_on() {
    fail(4);
    breaker.succeeded();
    fail(4);
    assertThat(breaker.permits(NOON)).isTrue();
    fail(1);
    assertThat(breaker.permits(NOON.plusSeconds(59))).isFalse();
  }

  @Test
  void sixty_seconds_later_three_may_try_and_their_success_closes_it() {
    fail(5);
    Instant later = NOON.plusSeconds(60);
    for (int i = 0; i < 3; i++) {
      assertThat(breaker.permits(later)).isTrue();
    }
    assertThat(breaker.permits(later)).isFalse();
    for (int i = 0; i < 3; i++) {
      breaker.succeeded();
    }
    assertThat(breaker.state()).isEqualTo(new State.Closed(0));
  }

  @Test
  void a_failure_among_those_that_try_opens_it_again() {
    fail(5);
    Instant later = NOON.plusSeconds(60);
    assertThat(breaker.permits(later)).isTrue();
    breaker.failed(later);
    assertThat(breaker.permits(later.plusSeconds(59))).isFalse();
    assertThat(breaker.permits(later.plusSeconds(60))).isTrue();
  }

  @Test
  void one_that_leaves_gives_its_place_to_another() {
    fail(5);
    Instant later = NOON.plusSeconds(60);
    for (int i = 0; i < 10; i++) {
      assertThat(breaker.permits(later)).isTrue();
      breaker.left();
    }
  }

  @Test
  void what_cannot_mend_itself_trips_it_at_once() {
    breaker.trip(NOON);
    assertThat(breaker.permits(NOON.plusSeconds(59))).isFalse();
    assertThat(breaker.state()).isEqualTo(new State.Open(NOON, NOON.plusSeconds(60)));
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      breaker.failed(NOON);
    }
  }
}
