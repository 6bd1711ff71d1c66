package dev.capstan.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ScreenTest {
  @Test
  void without_a_terminal_there_are_no_colours() {
    assertThat(Screen.of(Map.of())).isEqualTo(Screen.PIPE);
  }

  @Test
  void a_terminal_has_its_own_size() {
    assertThat(Screen.of(Map.of("CAPSTAN_TERMINAL", "40 120")))
        .isEqualTo(new Screen(true, Paint.ON, 120, 40));
  }

  @Test
  void no_color_is_honoured_and_a_dumb_terminal_is_not_redrawn() {
    assertThat(Screen.of(Map.of("CAPSTAN_TERMINAL", "40 120", "NO_COLOR", "1")).paint())
        .isEqualTo(Paint.OFF);
    assertThat(Screen.of(Map.of("CAPSTAN_TERMINAL", "40 120", "TERM", "dumb")).terminal())
        .isFalse();
  }

  @Test
  void a_size_that_makes_no_sense_is_replaced() {
    assertThat(Screen.of(Map.of("CAPSTAN_TERMINAL", "0 0")))
        .isEqualTo(new Screen(true, Paint.ON, 80, 24));
    assertThat(Screen.of(Map.of("CAPSTAN_TERMINAL", "what")).columns()).isEqualTo(80);
    assertThat(Screen.of(Map.of("CAPSTAN_TERMINAL", "3 5")).columns()).isEqualTo(20);
  }
}
