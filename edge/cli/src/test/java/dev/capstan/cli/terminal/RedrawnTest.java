package dev.capstan.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedrawnTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Redrawn redrawn =
      new Redrawn(new PrintStream(written, true, StandardCharsets.UTF_8));

  @Test
  void a_frame_goes_over_the_last_one_in_one_synchronized_write() {
    redrawn.draw(List.of("one", "two"));
    written.reset();
    redrawn.draw(List.of("one", "three"));
    assertThat(text())
        .isEqualTo(
            "\u001b[?2026h\u001b[?25l\u001b[?7l\u001b[2A\r\u001b[Kone\n\u001b[Kthree\n\u001b[?7h\u001b[?25h\u001b[?2026l");
  }

  @Test
  void the_same_frame_is_not_written_again() {
    redrawn.draw(List.of("one"));
    written.reset();
    redrawn.draw(List.of("one"));
    assertThat(text()).isEmpty();
  }

  @Test
  void a_shorter_frame_clears_what_is_below() {
    redrawn.draw(List.of("one", "two"));
    written.reset();
    redrawn.draw(List.of("one"));
    assertThat(text()).contains("\u001b[2A").contains("\u001b[J");
  }

  @Test
  void erasing_leaves_the_cursor_where_it_began() {
    redrawn.draw(List.of("one", "two"));
    redrawn.erase();
    assertThat(text()).endsWith("\u001b[2A\r\u001b[J\u001b[?7h\u001b[?25h\u001b[?2026l");
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }
}
