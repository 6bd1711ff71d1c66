package dev.capstan.server;

import dev.capstan.server.cases.CaseTester;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** {@code capstan test} as somebody types it, over and over. */
final class Examiner {
  private final Path tests;
  private final Map<String, String> environment;
  private String said = "";

  /** Tests the cases there, with this server where one is needed. */
  Examiner(Path tests, TestHouse house) {
    this(tests, Map.of("CAPSTAN_URL", "http://localhost:" + house.port()));
  }

  Examiner(Path tests, Map<String, String> environment) {
    this.tests = tests;
    this.environment = environment;
  }

  /** The exit code. */
  int test(String... options) throws InterruptedException {
    String[] arguments =
        Stream.concat(Stream.of(options), Stream.of(tests.toString())).toArray(String[]::new);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream paper = new PrintStream(out, true, StandardCharsets.UTF_8);
    int code = CaseTester.answer(arguments, paper, environment, CapstanServer.realTime());
    said = out.toString(StandardCharsets.UTF_8);
    return code;
  }

  /** What it printed the last time. */
  String said() {
    return said;
  }
}
