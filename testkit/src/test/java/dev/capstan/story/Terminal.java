package dev.capstan.story;

import dev.capstan.cli.Prompt;
import dev.capstan.cli.Surroundings;
import dev.capstan.cli.terminal.Screen;
import dev.capstan.kernel.Json;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Somebody at a prompt, whose output is a pipe. */
final class Terminal {
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  /** What came of a call. */
  record Said(int code, String out, String err) {
    JsonNode json() {
      return Json.parse(out);
    }
  }

  private final String url;
  private final String home;

  Terminal(String url, String home) {
    this.url = url;
    this.home = home;
  }

  /** Calls {@code capstan} with these arguments, written as in a shell with plain quotes. */
  Said type(String arguments) {
    return call(words(arguments).toArray(String[]::new));
  }

  Said call(String... arguments) {
    return call(new ByteArrayOutputStream(), arguments);
  }

  /** The same; what is said beside the result can be read there as it comes. */
  Said call(ByteArrayOutputStream err, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int code =
        Prompt.answer(
            arguments,
            new Surroundings(
                Map.of("CAPSTAN_URL", url, "CAPSTAN_HOME", home),
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Screen.PIPE,
                Clock.systemUTC(),
                ZoneId.of("UTC"),
                text -> {}));
    return new Said(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher found = WORD.matcher(line);
    while (found.find()) {
      words.add(
          found.group(1) != null
              ? found.group(1)
              : found.group(2) != null ? found.group(2) : found.group(3));
    }
    return words;
  }
}
