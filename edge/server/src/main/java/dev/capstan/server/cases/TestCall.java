package dev.capstan.server.cases;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code capstan test} was called with.
 *
 * @param model whom agents ask when it is live; null for those that the case names
 * @param url of the server; null for the usual one
 */
record TestCall(
    List<String> paths,
    boolean help,
    boolean json,
    boolean live,
    boolean judge,
    @Nullable String model,
    @Nullable String url,
    @Nullable String junit) {
  static final String HELP =
      """
      Usage: capstan test PATH... [--junit FILE] [--json] [--live [--model NAME] | --judge] [--url URL]
      Run recorded cases again and check what they assert, with no model, key, network or server.

      PATH            a case (see capstan record), or a folder with cases in it
      --junit FILE    write what came of them as JUnit's XML
      --json          print what came of them as JSON
      --live          run the plans on the server and ask its models instead; judges are asked, time is checked
      --model NAME    with --live: the model that all agents ask
      --judge         ask judges about what the recordings come to, where they were not asked yet, and keep
                      what they say beside each case (NAME.verdicts.json), where the next call finds it
      --url URL       with --live or --judge: another server

      Exit codes: 0 all passed, 1 some did not, 2 a file is no case or the call is wrong, 7 the server is not reachable
      """;

  /** Throws a {@link Refusal} of {@code invalid_request}. */
  static TestCall of(String[] arguments) {
    List<String> paths = new ArrayList<>();
    boolean json = false;
    boolean live = false;
    boolean judge = false;
    String model = null;
    String url = null;
    String junit = null;
    Iterator<String> rest = split(arguments).iterator();
    while (rest.hasNext()) {
      String word = rest.next();
      switch (word) {
        case "-h", "--help" -> {
          return new TestCall(List.of(), true, false, false, false, null, null, null);
        }
        case "--json" -> json = true;
        case "--live" -> live = true;
        case "--judge" -> judge = true;
        case "--model" -> model = value(word, rest);
        case "--url" -> url = value(word, rest);
        case "--junit" -> junit = value(word, rest);
        default -> {
          if (word.startsWith("-")) {
            throw wrong("there is no option '" + word + "'");
          }
          paths.add(word);
        }
      }
    }
    if (paths.isEmpty()) {
      throw wrong("name a case, or a folder with cases in it");
    }
    if (live && judge) {
      throw wrong("with --live judges are asked in any case; --judge asks them without it");
    }
    if (!live && model != null) {
      throw wrong("--model goes with --live: otherwise agents ask nobody");
    }
    if (!live && !judge && url != null) {
      throw wrong("--url goes with --live or --judge: otherwise nobody is asked");
    }
    return new TestCall(List.copyOf(paths), false, json, live, judge, model, url, junit);
  }

  /** With {@code --name=value} as two words. */
  private static List<String> split(String[] arguments) {
    return Arrays.stream(arguments)
        .flatMap(word ->
            word.startsWith("--") && word.contains("=")
                ? Arrays.stream(word.split("=", 2))
                : Arrays.stream(new String[] {word}))
        .toList();
  }

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw wrong(option + " needs a value");
    }
    return rest.next();
  }

  private static Refusal wrong(String detail) {
    return Problem.of(ProblemCode.INVALID_REQUEST, detail + "; see capstan test --help").refusal();
  }
}
