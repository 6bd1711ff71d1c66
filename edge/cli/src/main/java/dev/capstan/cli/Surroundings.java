package dev.capstan.cli;

import dev.capstan.cli.terminal.Screen;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;

/**
 * What a call at the prompt finds around it, so that a test can hold all of it in its hand.
 *
 * @param out results; {@code err} takes progress, hints and mistakes
 * @param atInterrupt registers what to say when the person presses Ctrl-C
 */
public record Surroundings(
    Map<String, String> environment,
    InputStream in,
    PrintStream out,
    PrintStream err,
    Screen screen,
    InstantSource clock,
    ZoneId zone,
    Interrupts atInterrupt) {
  /** Takes what is to be said at an interrupt, the newest instead of the one before. */
  @FunctionalInterface
  public interface Interrupts {
    void say(String text);
  }
}
