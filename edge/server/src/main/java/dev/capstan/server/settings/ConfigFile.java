package dev.capstan.server.settings;

import dev.capstan.kernel.Mistake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** {@code config.yaml} and {@code config/*.yaml}, flattened to the keys that there are. */
final class ConfigFile {
  private static final int LARGEST = 1024 * 1024;

  /** Parts of the documented file that belong to what comes later: read over, not refused. */
  private static final List<String> LATER =
      List.of("rate_limiting", "cost_tracking", "monitoring.metrics_interval");

  private ConfigFile() {}

  /**
   * The values in {@code config.yaml} and then in {@code config/*.yaml} in the order of their
   * names, as text; of two the later wins.
   */
  static Map<Key, String> readAll(Path home, List<Mistake> mistakes) {
    Map<Key, String> values = new EnumMap<>(Key.class);
    read(home.resolve("config.yaml"), values, mistakes);
    Path folder = home.resolve("config");
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        files
            .filter(file -> file.toString().endsWith(".yaml"))
            .sorted()
            .forEach(file -> read(file, values, mistakes));
      } catch (IOException unreadable) {
        mistakes.add(Mistake.at(folder.toString(), "cannot be read: " + unreadable.getMessage()));
      }
    }
    return values;
  }

  private static void read(Path file, Map<Key, String> values, List<Mistake> mistakes) {
    if (!Files.exists(file)) {
      return;
    }
    try {
      if (Files.size(file) > LARGEST) {
        mistakes.add(Mistake.at(file.toString(), "is larger than " + LARGEST + " bytes"));
        return;
      }
      JsonNode root = new YAMLMapper().readTree(Files.readString(file));
      if (root != null && root.isObject()) {
        flatten("", root, values, mistakes);
      } else if (root != null && !root.isNull() && !root.isMissingNode()) {
        mistakes.add(Mistake.at(file.toString(), "must hold keys and values"));
      }
    } catch (JacksonException broken) {
      var place = broken.getLocation();
      mistakes.add(
          new Mistake(
              file.toString(),
              place == null ? 0 : Math.max(0, place.getLineNr()),
              place == null ? 0 : Math.max(0, place.getColumnNr()),
              "is no valid YAML: " + broken.getOriginalMessage(),
              null));
    } catch (IOException unreadable) {
      mistakes.add(Mistake.at(file.toString(), "cannot be read: " + unreadable.getMessage()));
    }
  }

  private static void flatten(
      String prefix, JsonNode node, Map<Key, String> values, List<Mistake> mistakes) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String path = prefix + entry.getKey();
      if (LATER.contains(path)) {
        continue;
      }
      Key key = Key.ofPath(path).orElse(null);
      boolean isGroup = Key.paths().stream().anyMatch(known -> known.startsWith(path + "."));
      if (key != null) {
        values.put(key, text(entry.getValue()));
      } else if (isGroup && entry.getValue().isObject()) {
        flatten(path + ".", entry.getValue(), values, mistakes);
      } else if (isGroup) {
        mistakes.add(Mistake.at(path, "must hold keys and values"));
      } else {
        mistakes.add(new Mistake(path, 0, 0, "no setting is called so", suggestion(path)));
      }
    }
  }

  private static String text(JsonNode value) {
    if (value.isArray()) {
      return String.join(",", value.values().stream().map(one -> one.asString("")).toList());
    }
    return value.isContainer() ? value.toString() : value.asString("");
  }

  private static @Nullable String suggestion(String path) {
    return Nearest.to(path, Key.paths()).map(near -> "did you mean '" + near + "'?").orElse(null);
  }
}
