package dev.capstan.cli;

import dev.capstan.cli.terminal.Paint;
import dev.capstan.cli.verb.*;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;

/**
 * The table of verbs. Only the one that was called is ever built: reflecting over all of them would
 * cost more than everything else that a call does.
 */
final class Verbs {
  private static final Map<String, Function<Desk, Callable<Integer>>> TABLE = table();

  private Verbs() {}

  private static Map<String, Function<Desk, Callable<Integer>>> table() {
    Map<String, Function<Desk, Callable<Integer>>> table = new LinkedHashMap<>();
    table.put("run", RunVerb::new);
    table.put("runs", RunsVerb::new);
    table.put("show", ShowVerb::new);
    table.put("watch", WatchVerb::new);
    table.put("events", EventsVerb::new);
    table.put("why", WhyVerb::new);
    table.put("approve", ApproveVerb::new);
    table.put("signal", SignalVerb::new);
    table.put("resolve", ResolveVerb::new);
    table.put("pause", PauseVerb::new);
    table.put("resume", ResumeVerb::new);
    table.put("cancel", CancelVerb::new);
    table.put("fork", ForkVerb::new);
    table.put("replay", ReplayVerb::new);
    table.put("record", RecordVerb::new);
    table.put("diff", DiffVerb::new);
    table.put("export", ExportVerb::new);
    table.put("import", ImportVerb::new);
    table.put("plan", desk -> new PlanVerb());
    table.put("plan check", PlanCheckVerb::new);
    table.put("plan draw", PlanDrawVerb::new);
    table.put("plan schema", PlanSchemaVerb::new);
    table.put("tools", ToolsVerb::new);
    table.put("models", ModelsVerb::new);
    table.put("estimate", EstimateVerb::new);
    table.put("costs", CostsVerb::new);
    table.put("memory", desk -> new MemoryVerb());
    table.put("memory list", MemoryListVerb::new);
    table.put("memory search", MemorySearchVerb::new);
    table.put("memory forget", MemoryForgetVerb::new);
    table.put("status", StatusVerb::new);
    table.put("verify", VerifyVerb::new);
    table.put("doctor", DoctorVerb::new);
    return table;
  }

  static Iterable<String> names() {
    return TABLE.keySet();
  }

  /** The command line of the verb that these arguments call. */
  static CommandLine find(String[] arguments, Desk desk) {
    String name = name(arguments);
    Function<Desk, Callable<Integer>> verb = TABLE.get(name);
    if (verb == null) {
      throw unknown(name);
    }
    return new CommandLine(verb.apply(desk)).setCommandName("capstan " + name);
  }

  /** What follows the verb. */
  static String[] rest(String[] arguments) {
    return Prompt.without(arguments, name(arguments).contains(" ") ? 2 : 1);
  }

  private static String name(String[] arguments) {
    if (arguments.length > 1 && TABLE.containsKey(arguments[0] + " " + arguments[1])) {
      return arguments[0] + " " + arguments[1];
    }
    return arguments[0];
  }

  private static RuntimeException unknown(String name) {
    Optional<String> near =
        TABLE.keySet().stream()
            .min(Comparator.comparingInt(verb -> distance(verb, name)))
            .filter(verb -> distance(verb, name) <= 2);
    String hint = near.map(verb -> "; did you mean '" + verb + "'?").orElse("; see capstan --help");
    return Problem.of(ProblemCode.INVALID_REQUEST, "there is no verb '" + name + "'" + hint)
        .refusal();
  }

  /** Edits between two words (Levenshtein). */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }

  static String version() {
    String version = Verbs.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** The first page of help: written by hand, because it is read by eye. */
  static String help(Paint paint) {
    try (InputStream page = Verbs.class.getResourceAsStream("help.txt")) {
      String text =
          new String(page == null ? new byte[0] : page.readAllBytes(), StandardCharsets.UTF_8);
      StringBuilder painted = new StringBuilder();
      text.lines()
          .forEach(line ->
              painted
                  .append(line.startsWith(" ") || line.isEmpty() ? line : paint.strong(line))
                  .append('\n'));
      return painted.toString();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
