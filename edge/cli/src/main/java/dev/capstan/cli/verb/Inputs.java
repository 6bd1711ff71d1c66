package dev.capstan.cli.verb;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads {@code name=text} and {@code name:=json}. */
final class Inputs {
  private Inputs() {}

  static ObjectNode read(List<String> pairs) {
    ObjectNode inputs = Json.object();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals <= 0 || (equals == 1 && pair.charAt(0) == ':')) {
        throw Desk.wrong("'" + pair + "' is no input; write name=text or name:=json");
      }
      boolean json = pair.charAt(equals - 1) == ':';
      String name = pair.substring(0, json ? equals - 1 : equals);
      String value = pair.substring(equals + 1);
      inputs.set(name, json ? json(name, value) : Json.text(value));
    }
    return inputs;
  }

  static JsonNode json(String name, String text) {
    try {
      return Json.parse(text);
    } catch (Refusal broken) {
      throw Desk.wrong(
          "the value of "
              + name
              + " is no JSON: "
              + broken.problem().mistakes().getFirst().message());
    }
  }
}
