package dev.capstan.cli;

import dev.capstan.cli.terminal.Screen;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneId;

/**
 * The launcher of the command line: the one place that asks the machine for its clock and streams.
 */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    // A library that would log finds no logger here, and need not say so.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    PrintStream out = utf8(FileDescriptor.out);
    PrintStream err = utf8(FileDescriptor.err);
    Screen screen = Screen.of(System.getenv());
    Farewell farewell = new Farewell(err, screen);
    Thread hook = new Thread(farewell);
    Runtime.getRuntime().addShutdownHook(hook);
    Surroundings surroundings =
        new Surroundings(
            System.getenv(),
            System.in,
            out,
            err,
            screen,
            InstantSource.system(),
            ZoneId.systemDefault(),
            farewell::say);
    int code = Prompt.answer(arguments, surroundings);
    farewell.say("");
    out.flush();
    err.flush();
    System.exit(code);
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(
        new java.io.BufferedOutputStream(new FileOutputStream(descriptor), 1 << 16),
        false,
        StandardCharsets.UTF_8);
  }

  /** What is said when the person presses Ctrl-C. */
  private static final class Farewell implements Runnable {
    private static final String CURSOR_AND_WRAPPING = "\u001b[?7h\u001b[?25h";

    private final PrintStream err;
    private final Screen screen;
    private volatile String text = "";

    Farewell(PrintStream err, Screen screen) {
      this.err = err;
      this.screen = screen;
    }

    void say(String said) {
      text = said;
    }

    @Override
    public void run() {
      if (!text.isEmpty()) {
        err.println((screen.terminal() ? CURSOR_AND_WRAPPING + "\n" : "") + text);
        err.flush();
      }
    }
  }
}
