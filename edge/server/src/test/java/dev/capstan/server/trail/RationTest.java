package dev.capstan.server.trail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RationTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Ration ration = new Ration(nanos::get);

  private int allowed(int asked) {
    int allowed = 0;
    for (int i = 0; i < asked; i++) {
      allowed += ration.allows("run completed") ? 1 : 0;
    }
    return allowed;
  }

  @Test
  void few_lines_are_all_told() {
    assertThat(allowed(Ration.LINES)).isEqualTo(Ration.LINES);
    assertThat(ration.left(true)).isEmpty();
  }

  @Test
  void of_many_the_rest_is_counted_once_the_window_is_over() {
    assertThat(allowed(5_000)).isEqualTo(Ration.LINES);
    assertThat(ration.left(false)).isEmpty();

    nanos.addAndGet(Ration.WINDOW_NANOS);

    assertThat(ration.left(false)).containsExactly(entry(5_000 - Ration.LINES));
    assertThat(ration.left(true)).isEmpty();
  }

  @Test
  void the_next_window_tells_lines_again() {
    assertThat(allowed(5_000)).isEqualTo(Ration.LINES);
    nanos.addAndGet(Ration.WINDOW_NANOS);
    assertThat(ration.left(false)).hasSize(1);
    assertThat(allowed(5_000)).isEqualTo(Ration.LINES);
  }

  private static Map.Entry<String, Integer> entry(int count) {
    return Map.entry("run completed", count);
  }
}
