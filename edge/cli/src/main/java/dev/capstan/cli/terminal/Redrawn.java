package dev.capstan.cli.terminal;

import java.io.PrintStream;
import java.util.List;

/**
 * Lines that are drawn again in place. A frame is one write between synchronized-output marks, so
 * nothing flickers; wrapping is off meanwhile, so a terminal that was made narrower cuts lines and
 * does not scroll.
 */
public final class Redrawn {
  private static final String BEGIN = "\u001b[?2026h\u001b[?25l\u001b[?7l";
  private static final String END = "\u001b[?7h\u001b[?25h\u001b[?2026l";
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";

  private final PrintStream out;
  private List<String> shown = List.of();

  public Redrawn(PrintStream out) {
    this.out = out;
  }

  /** Puts these lines where the last ones were. */
  public void draw(List<String> lines) {
    if (lines.equals(shown)) {
      return;
    }
    StringBuilder frame = new StringBuilder(BEGIN);
    if (!shown.isEmpty()) {
      frame.append("\u001b[").append(shown.size()).append('A');
    }
    frame.append('\r');
    for (String line : lines) {
      // Cleared first: after a line as wide as the terminal the cursor still stands on its last
      // cell.
      frame.append(CLEAR_LINE).append(line).append('\n');
    }
    if (lines.size() < shown.size()) {
      frame.append(CLEAR_BELOW);
    }
    out.print(frame.append(END));
    out.flush();
    shown = List.copyOf(lines);
  }

  /** Takes the lines away, as if they had never been drawn. */
  public void erase() {
    if (!shown.isEmpty()) {
      out.print(BEGIN + "\u001b[" + shown.size() + "A\r" + CLEAR_BELOW + END);
      out.flush();
      shown = List.of();
    }
  }
}
