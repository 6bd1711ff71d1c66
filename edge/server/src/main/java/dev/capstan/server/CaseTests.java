package dev.capstan.server;

import dev.capstan.server.cases.CaseTester;
import dev.capstan.server.store.Time;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** {@code capstan test}: the launcher starts it from the server's program. No server is started. */
public final class CaseTests {
  private CaseTests() {}

  public static void main(String[] arguments) throws InterruptedException {
    Logging.none();
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    Time time = CapstanServer.realTime();
    System.exit(CaseTester.answer(arguments, out, System.getenv(), time));
  }
}
