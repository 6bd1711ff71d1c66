package dev.capstan.server.cases;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.server.store.Time;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code capstan test}: runs cases in a process of its own. The launcher starts it from the
 * server's program; no server is started.
 */
public final class CaseTester {
  private static final int PASSED = 0;
  private static final int FAILED = 1;
  private static final int BROKEN = 2;

  private final TestCall call;
  private final PrintStream out;
  private final Map<String, String> environment;
  private final Time time;
  private final List<JUnitReport.Line> lines = new ArrayList<>();

  private CaseTester(TestCall call, PrintStream out, Map<String, String> environment, Time time) {
    this.call = call;
    this.out = out;
    this.environment = environment;
    this.time = time;
  }

  /** The exit code. */
  public static int answer(
      String[] arguments, PrintStream out, Map<String, String> environment, Time time)
      throws InterruptedException {
    try {
      TestCall call = TestCall.of(arguments);
      if (call.help()) {
        out.print(TestCall.HELP);
        return PASSED;
      }
      return new CaseTester(call, out, environment, time).run();
    } catch (Refusal refused) {
      out.println("✗ " + refused.problem().detail());
      return refused.problem().code() == ProblemCode.NOT_FOUND
          ? BROKEN
          : refused.problem().code().exitCode();
    } catch (Unreachable down) {
      out.println("✗ " + down.getMessage());
      out.println("  start it with ./capstan up, or leave --live and --judge out");
      return Unreachable.EXIT_CODE;
    } finally {
      out.flush();
    }
  }

  private int run() throws InterruptedException {
    List<Path> files = CaseFiles.of(call.paths());
    if (files.isEmpty()) {
      throw Problem.of(
              ProblemCode.NOT_FOUND,
              "there are no cases in "
                  + String.join(", ", call.paths())
                  + "; capstan record makes one")
          .refusal();
    }
    long began = time.nanos().getAsLong();
    for (Path file : files) {
      lines.add(run(file));
    }
    report();
    long broken = lines.stream().filter(JUnitReport.Line::broken).count();
    long failed = lines.stream().filter(line -> !line.wrong().isEmpty()).count() - broken;
    if (call.json()) {
      out.println(Json.write(json()));
    } else {
      out.println(sum(broken, failed, millisSince(began)));
    }
    return broken > 0 ? BROKEN : failed > 0 ? FAILED : PASSED;
  }

  private String sum(long broken, long failed, long millis) {
    return lines.size()
        + (lines.size() == 1 ? " case: " : " cases: ")
        + (lines.size() - failed - broken)
        + " passed"
        + (failed > 0 ? ", " + failed + " failed" : "")
        + (broken > 0 ? ", " + broken + " no cases" : "")
        + ", "
        + millis
        + " ms";
  }

  private long millisSince(long began) {
    return (time.nanos().getAsLong() - began) / 1_000_000;
  }

  private JUnitReport.Line run(Path file) throws InterruptedException {
    long began = time.nanos().getAsLong();
    CaseReader.Read read;
    try {
      read = CaseReader.read(CaseFiles.text(file), name -> CaseFiles.beside(file, name));
    } catch (Refusal unreadable) {
      read = new CaseReader.Read.Invalid(List.of(Mistake.at("", unreadable.problem().detail())));
    }
    return switch (read) {
      case CaseReader.Read.Valid valid -> {
        Tried tried = tried(file, valid.found());
        long millis = millisSince(began);
        say(
            (tried.passed() ? "✓ " : "✗ ")
                + valid.found().name()
                + "  "
                + file
                + "  "
                + tried.sum()
                + "  "
                + millis
                + " ms");
        tried.wrong().forEach(line -> say("    " + line));
        tried.notes().forEach(line -> say("  · " + line));
        yield new JUnitReport.Line(
            file.toString(), valid.found().name(), millis, tried.wrong(), false);
      }
      case CaseReader.Read.Invalid invalid -> {
        List<String> wrong =
            invalid.mistakes().stream().map(mistake -> file + ":" + mistake).toList();
        say("✗ " + file + " is no case");
        wrong.forEach(line -> say("    " + line));
        yield new JUnitReport.Line(
            file.toString(), file.toString(), millisSince(began), wrong, true);
      }
    };
  }

  private Tried tried(Path file, Case found) throws InterruptedException {
    try {
      if (!call.live() && !call.judge()) {
        return OfflineTrial.of(found, Verdicts.beside(file), null);
      }
      try (Peer server = new Peer(Peer.address(call.url(), environment))) {
        return call.live()
            ? new LiveTrial(server, call.model(), time.pause()).of(found)
            : OfflineTrial.of(found, Verdicts.beside(file), new Judge(server));
      }
    } catch (Refusal refused) {
      return new Tried(List.of(refused.problem().toString()), List.of(), "");
    }
  }

  /** Nothing from a case moves the cursor of whoever reads it. */
  private void say(String line) {
    if (!call.json()) {
      out.println(line.replaceAll("\\p{Cc}", "?"));
    }
  }

  private void report() {
    if (call.junit() == null) {
      return;
    }
    try {
      Path file = Path.of(call.junit()).toAbsolutePath();
      if (file.getParent() != null) {
        Files.createDirectories(file.getParent());
      }
      Files.writeString(file, JUnitReport.of(lines));
    } catch (IOException | InvalidPathException unwritable) {
      throw Problem.of(
              ProblemCode.INVALID_REQUEST,
              call.junit() + " cannot be written: " + unwritable.getMessage())
          .refusal();
    }
  }

  private ObjectNode json() {
    ObjectNode root = Json.object();
    ArrayNode cases = root.putArray("cases");
    for (JUnitReport.Line line : lines) {
      ObjectNode one =
          cases
              .addObject()
              .put("name", line.name())
              .put("file", line.file())
              .put(
                  "status", line.broken() ? "broken" : line.wrong().isEmpty() ? "passed" : "failed")
              .put("milliseconds", line.millis());
      ArrayNode wrong = one.putArray("wrong");
      line.wrong().forEach(wrong::add);
    }
    return root;
  }
}
