package dev.capstan.agents.crew;

import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Reading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Things that have names, as an object by name or as a list of what names itself. */
record Named(String name, ObjectNode value, At at) {
  private static final int MOST = 1_000;
  private static final String NAME = "[A-Za-z0-9_-]{1,80}";

  /**
   * Reads them in the order written.
   *
   * @param key the field that holds the name in a list
   * @param what they are, in words, such as {@code agents}
   */
  static List<Named> read(
      @Nullable JsonNode value, At at, String key, String what, Reading reading) {
    List<Named> found = new ArrayList<>();
    if (value == null || value.isNull() || value.isEmpty()) {
      reading.findings().add(value == null ? At.ROOT : at, "there are no " + what);
    } else if (value.size() > MOST) {
      reading.findings().add(at, "there are more than " + MOST + " " + what);
    } else if (value.isObject()) {
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        add(found, entry.getKey(), entry.getValue(), at.field(entry.getKey()), reading);
      }
    } else if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        At place = at.item(i);
        String name = reading.text(value.get(i).get(key), place.field(key));
        if (value.get(i).isObject() && name == null) {
          reading.findings().add(place, "this has no " + key);
        }
        add(found, name == null ? "?" : name, value.get(i), place, reading);
      }
    } else {
      reading.wrong(value, at, what + " by name, or a list of them");
    }
    return unique(found, reading);
  }

  private static void add(List<Named> found, String name, JsonNode value, At at, Reading reading) {
    if (!name.equals("?") && !name.matches(NAME)) {
      reading
          .findings()
          .addKey(
              at,
              "'" + Reading.shortened(name) + "' is no name",
              Optional.of("use up to 80 letters, digits, _ and -"));
    }
    if (value.isObject()) {
      found.add(new Named(name, value.asObject(), at));
    } else {
      reading.wrong(value, at, "an object with fields");
    }
  }

  private static List<Named> unique(List<Named> found, Reading reading) {
    Map<String, Named> first = new LinkedHashMap<>();
    for (Named each : found) {
      Named other = each.name().equals("?") ? null : first.putIfAbsent(each.name(), each);
      if (other != null) {
        reading
            .findings()
            .add(each.at(), "the name '" + each.name() + "' is taken by " + other.at().path());
      }
    }
    return found;
  }
}
