package dev.capstan.server.settings;

import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.document.Durations;
import dev.capstan.plan.RetryPolicy;
import dev.capstan.postgres.BandKeeper;
import dev.capstan.tools.http.HttpRules;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads settings and keeps every mistake, so that a person mends all of them at once. */
final class SettingsReader {
  private static final List<String> LEVELS =
      List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");
  private static final String FOR_EVER = "forever";
  private static final int MANY = 10_000_000;

  private final Map<String, String> environment;
  private final List<Mistake> mistakes = new ArrayList<>();
  private Map<Key, String> file = Map.of();

  SettingsReader(Map<String, String> environment) {
    this.environment = environment;
  }

  Settings read() {
    Path home = home();
    file = ConfigFile.readAll(home, mistakes);
    refuseUnknownVariables();
    Settings.Models models = new ModelsReader(environment, mistakes).read(text(Key.MODELS), home);
    Settings settings =
        new Settings(
            home,
            new Settings.Door(number(Key.PORT, 8080, 0, 65_535), bind()),
            text(Key.DATABASE),
            retention(),
            new Settings.Work(
                number(Key.CONCURRENT_RUNS, 2_000, 1, MANY),
                number(Key.CONCURRENT_STEPS, 4_000, 1, MANY),
                number(Key.QUEUED_RUNS, 1_000_000, 0, MANY)),
            retry(),
            new Settings.Monitoring(logLevel(), flag(Key.METRICS, true), traces()),
            outside(),
            new RememberingReader(this).read(),
            models,
            planning(models),
            crews(home));
    if (!mistakes.isEmpty()) {
      String detail =
          mistakes.size() == 1 ? "a setting is wrong" : mistakes.size() + " settings are wrong";
      throw Problem.of(ProblemCode.INVALID_REQUEST, detail, mistakes).refusal();
    }
    return settings;
  }

  /** Only names that begin with ours can be told to be misspelt. */
  private void refuseUnknownVariables() {
    for (String name : new TreeSet<>(environment.keySet())) {
      if (name.startsWith("CAPSTAN_") && !Key.variables().contains(name)) {
        String near =
            Nearest.to(name, Key.variables())
                .map(known -> "did you mean '" + known + "'?")
                .orElse(null);
        mistakes.add(new Mistake(name, 0, 0, "no setting is called so", near));
      }
    }
  }

  @Nullable String text(Key key) {
    String variable = key.variable();
    String value = variable == null ? null : environment.get(variable);
    if (value == null || value.isBlank()) {
      value = file.get(key);
    }
    return value == null || value.isBlank() ? null : value.strip();
  }

  void mistake(Key key, String message) {
    String variable = key.variable();
    boolean inFile = variable == null || !environment.containsKey(variable);
    String name = inFile && key.path() != null ? key.path() : variable;
    mistakes.add(Mistake.at(name == null ? key.name() : name, message));
  }

  private Path home() {
    String set = environment.get("CAPSTAN_HOME");
    boolean isSet = set != null && !set.isBlank();
    try {
      return isSet
          ? Path.of(set).toAbsolutePath()
          : Path.of(System.getProperty("user.home"), ".capstan").toAbsolutePath();
    } catch (InvalidPathException broken) {
      mistake(Key.HOME, "is no path: " + broken.getReason());
      return Path.of(".capstan").toAbsolutePath();
    }
  }

  private Path crews(Path home) {
    String set = text(Key.CREWS);
    try {
      Path folder = set == null ? home.resolve("crews") : Path.of(set).toAbsolutePath();
      if (set != null && !Files.isDirectory(folder)) {
        mistake(Key.CREWS, folder + " is no folder");
      }
      return folder;
    } catch (InvalidPathException broken) {
      mistake(Key.CREWS, "is no path: " + broken.getReason());
      return home.resolve("crews");
    }
  }

  int number(Key key, int fallback, int least, int most) {
    String text = text(key);
    if (text == null) {
      return fallback;
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException broken) {
      // Said below, with what would be right.
    }
    mistake(key, "must be a whole number from " + least + " to " + most + ", not '" + text + "'");
    return fallback;
  }

  private boolean flag(Key key, boolean fallback) {
    String text = text(key);
    return switch (text == null ? "" : text.toLowerCase(Locale.ROOT)) {
      case "" -> fallback;
      case "true", "yes", "on", "1" -> true;
      case "false", "no", "off", "0" -> false;
      default -> {
        mistake(key, "must be true or false, not '" + text + "'");
        yield fallback;
      }
    };
  }

  private Duration seconds(Key key, Duration fallback) {
    String text = text(key);
    if (text == null) {
      return fallback;
    }
    String duration = text.matches("[0-9]+(\\.[0-9]+)?") ? text + "s" : text;
    return Durations.read(duration)
        .orElseGet(() -> {
          mistake(key, "must be a number of seconds or a duration such as 90s, not '" + text + "'");
          return fallback;
        });
  }

  private @Nullable Duration retention() {
    String text = text(Key.RETENTION);
    if (text == null || text.equals(FOR_EVER)) {
      return null;
    }
    Duration keepFor =
        Durations.read(text)
            .filter(read -> read.compareTo(BandKeeper.SHORTEST_RETENTION) >= 0)
            .orElse(null);
    if (keepFor == null) {
      mistake(
          Key.RETENTION,
          "must be a duration of a day or more such as 90d, or '"
              + FOR_EVER
              + "', not '"
              + text
              + "'");
    }
    return keepFor;
  }

  private @Nullable URI traces() {
    return address(Key.TRACES, "http://localhost:4318");
  }

  @Nullable URI address(Key key, String example) {
    String text = text(key);
    if (text == null) {
      return null;
    }
    try {
      URI address = URI.create(text);
      if (Set.of("http", "https").contains(String.valueOf(address.getScheme()))
          && address.getHost() != null) {
        return address;
      }
    } catch (IllegalArgumentException broken) {
      // Said below, with what would be right.
    }
    mistake(key, "must be an address such as " + example + ", not '" + text + "'");
    return null;
  }

  private InetAddress bind() {
    String text = text(Key.BIND);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    if (text == null) {
      return loopback;
    }
    try {
      InetAddress address = InetAddress.getByName(text);
      if (address.isLoopbackAddress()) {
        return address;
      }
      mistake(
          Key.BIND,
          "'"
              + text
              + "' can be reached from elsewhere, and there is no sign-in yet: only a loopback"
              + " address such as 127.0.0.1 is allowed");
    } catch (UnknownHostException broken) {
      mistake(Key.BIND, "'" + text + "' is no address");
    }
    return loopback;
  }

  private @Nullable RetryPolicy retry() {
    List<Key> keys =
        List.of(Key.MAX_RETRIES, Key.STRATEGY, Key.BASE_DELAY, Key.MAX_DELAY, Key.JITTER);
    if (keys.stream().allMatch(key -> text(key) == null)) {
      return null;
    }
    return new RetryPolicy(
        number(Key.MAX_RETRIES, 3, 0, 1_000),
        strategy(),
        seconds(Key.BASE_DELAY, Duration.ofSeconds(1)),
        seconds(Key.MAX_DELAY, Duration.ofSeconds(60)),
        flag(Key.JITTER, true));
  }

  private RetryPolicy.Strategy strategy() {
    String text = text(Key.STRATEGY);
    for (RetryPolicy.Strategy strategy : RetryPolicy.Strategy.values()) {
      if (text == null || strategy.wireName().equals(text)) {
        return strategy;
      }
    }
    List<String> names =
        Arrays.stream(RetryPolicy.Strategy.values()).map(RetryPolicy.Strategy::wireName).toList();
    mistake(Key.STRATEGY, "must be one of " + String.join(", ", names) + ", not '" + text + "'");
    return RetryPolicy.Strategy.EXPONENTIAL_BACKOFF;
  }

  private String logLevel() {
    if (!flag(Key.LOGGING, true)) {
      return "OFF";
    }
    String text = text(Key.LOG_LEVEL);
    String level = text == null ? "INFO" : text.toUpperCase(Locale.ROOT);
    String known = level.equals("WARNING") ? "WARN" : level.equals("CRITICAL") ? "ERROR" : level;
    if (!LEVELS.contains(known)) {
      mistake(
          Key.LOG_LEVEL, "must be one of " + String.join(", ", LEVELS) + ", not '" + text + "'");
      return "INFO";
    }
    return known;
  }

  private Settings.Planning planning(Settings.Models models) {
    String wish = text(Key.PLANNER);
    String named = text(Key.PLANNER_MODEL);
    Set<String> known = models.gateway().models().keySet();
    Settings.Planning.Order order = Settings.Planning.Order.AUTO;
    switch (wish == null ? "auto" : wish) {
      case "auto" -> {}
      case "pattern" -> order = Settings.Planning.Order.PATTERN;
      case "model" -> order = Settings.Planning.Order.MODEL;
      default -> mistake(Key.PLANNER, "must be auto, pattern or model, not '" + wish + "'");
    }
    if (named != null && !known.contains(named)) {
      mistake(Key.PLANNER_MODEL, "there is no model '" + named + "'; there are " + known);
    }
    String model = named == null ? models.planner() : named;
    if (order == Settings.Planning.Order.MODEL && model == null) {
      mistake(
          Key.PLANNER, "'model' needs to know which: name it by " + Key.PLANNER_MODEL.variable());
    }
    return new Settings.Planning(order, model);
  }

  private Settings.Outside outside() {
    String allow = text(Key.HTTP_ALLOW);
    String allowPrivate = text(Key.HTTP_ALLOW_PRIVATE);
    Settings.Outside outside =
        new Settings.Outside(allow == null ? "" : allow, allowPrivate == null ? "" : allowPrivate);
    try {
      HttpRules _ = HttpRules.of(outside.allow(), outside.allowPrivate());
    } catch (Refusal | IllegalArgumentException broken) {
      mistake(allow == null ? Key.HTTP_ALLOW_PRIVATE : Key.HTTP_ALLOW, "" + broken.getMessage());
    }
    return outside;
  }
}
