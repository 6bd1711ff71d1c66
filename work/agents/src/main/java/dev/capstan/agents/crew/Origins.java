package dev.capstan.agents.crew;

import dev.capstan.kernel.document.At;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where in the crew's document each part of its plan comes from. */
final class Origins {
  private static final Pattern HOP = Pattern.compile("\\.?([^.\\[\\]]+)|\\[(\\d{1,9})\\]");

  private final Map<String, At> origins = new HashMap<>();

  void put(String path, At at) {
    origins.put(path, at);
  }

  /** The place that a mistake at this path of the plan is about. */
  At of(String path) {
    int end = path.length();
    while (end > 0) {
      At origin = origins.get(path.substring(0, end));
      if (origin != null) {
        return onward(origin, path.substring(end));
      }
      end = Math.max(path.lastIndexOf('.', end - 1), path.lastIndexOf('[', end - 1));
    }
    return onward(At.ROOT, path);
  }

  private static At onward(At from, String rest) {
    At place = from;
    Matcher hops = HOP.matcher(rest);
    while (hops.find()) {
      String index = hops.group(2);
      place = index == null ? place.field(hops.group(1)) : place.item(Integer.parseInt(index));
    }
    return place;
  }
}
