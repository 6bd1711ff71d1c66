package dev.capstan.server.cases;

import dev.capstan.kernel.document.At;

/** Places that others wrote down as {@code steps[2].input.x}. */
final class Path {
  private Path() {}

  static At along(At from, String path) {
    At at = from;
    for (String hop : path.split("[.\\[]", -1)) {
      if (hop.matches("\\d{1,9}]")) {
        at = at.item(Integer.parseInt(hop.substring(0, hop.length() - 1)));
      } else if (!hop.isEmpty()) {
        at = at.field(hop);
      }
    }
    return at;
  }
}
