package dev.capstan.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SafeTest {
  @Test
  void what_would_move_the_cursor_or_rename_the_window_is_shown_and_not_done() {
    assertThat(Safe.line("a\u001b[2Jb\u001b]0;title\u0007c\r\n"))
        .isEqualTo("a\\u001b[2Jb\\u001b]0;title\\u0007c\\r\\n");
    assertThat(Safe.line("eight-bit \u009b2J")).isEqualTo("eight-bit \\u009b2J");
    assertThat(Safe.line("turned \u202e around")).isEqualTo("turned \\u202e around");
  }

  @Test
  void a_block_keeps_its_lines_and_nothing_else() {
    assertThat(Safe.block("a\n\tb\rc")).isEqualTo("a\n\tb\\rc");
  }

  @Test
  void text_of_any_language_is_left_alone() {
    assertThat(Safe.line("Grüße, 世界, 👍")).isEqualTo("Grüße, 世界, 👍");
  }

  @Test
  void wide_letters_take_two_cells_and_combining_ones_none() {
    assertThat(Safe.width("世界")).isEqualTo(4);
    assertThat(Safe.width("e\u0301")).isEqualTo(1);
    assertThat(Safe.width("👍")).isEqualTo(2);
    assertThat(Safe.width("✓ ok")).isEqualTo(4);
  }

  @Test
  void what_is_too_wide_is_cut_at_a_letter() {
    assertThat(Safe.clip("abcdef", 4)).isEqualTo("abc…");
    assertThat(Safe.clip("世界世界", 4)).isEqualTo("世…");
    assertThat(Safe.clip("abcd", 4)).isEqualTo("abcd");
    assertThat(Safe.clip("abcd", 0)).isEmpty();
  }
}
