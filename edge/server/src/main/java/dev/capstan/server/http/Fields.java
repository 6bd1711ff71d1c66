package dev.capstan.server.http;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Findings;
import dev.capstan.kernel.document.Places;
import dev.capstan.kernel.document.Reading;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of a JSON object that somebody sent, read one by one. Every mistake is kept, and
 * {@link #end} tells all of them at once, unknown keys included. Call it before acting on what was
 * read.
 */
public final class Fields {
  private final ObjectNode object;
  private final Set<String> known = new LinkedHashSet<>();
  private final List<Mistake> mistakes = new ArrayList<>();

  Fields(ObjectNode object) {
    this.object = object;
  }

  /** The value as it is; null when it is absent or JSON null. */
  public @Nullable JsonNode value(String name) {
    known.add(name);
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  public boolean has(String name) {
    return value(name) != null;
  }

  /** A text of at most {@code longest} characters; null when it is absent. */
  public @Nullable String text(String name, int longest) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isString()) {
      mistake(name, "must be a text, not " + kind(value));
      return null;
    }
    if (value.stringValue().length() > longest) {
      mistake(name, "is longer than " + longest + " characters");
      return null;
    }
    return value.stringValue();
  }

  /** A text that must be there; empty, with a mistake noted, when it is not. */
  public String requiredText(String name, int longest) {
    String text = text(name, longest);
    if (text == null && !has(name)) {
      mistake(name, "is missing");
    } else if (text != null && text.isBlank()) {
      mistake(name, "is empty");
    }
    return text == null ? "" : text;
  }

  /** An object; an empty one when it is absent. */
  public ObjectNode object(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return Json.object();
    }
    if (!value.isObject()) {
      mistake(name, "must be an object, not " + kind(value));
      return Json.object();
    }
    return value.asObject();
  }

  /** A whole number within bounds. */
  public int integer(String name, int fallback, int least, int most) {
    JsonNode value = value(name);
    if (value == null) {
      return fallback;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < least
        || value.intValue() > most) {
      mistake(name, "must be a whole number from " + least + " to " + most);
      return fallback;
    }
    return value.intValue();
  }

  /** An amount of dollars, 0 or more; null when it is absent. */
  public @Nullable Money money(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    Findings findings = new Findings();
    Money money = new Reading(findings).money(value, At.ROOT.field(name));
    mistakes.addAll(findings.mistakes(new Places()));
    return money;
  }

  public boolean bool(String name, boolean fallback) {
    JsonNode value = value(name);
    if (value == null) {
      return fallback;
    }
    if (!value.isBoolean()) {
      mistake(name, "must be true or false, not " + kind(value));
      return fallback;
    }
    return value.booleanValue();
  }

  /** One of the constants, by its name in lower case; null, with a mistake noted, for another. */
  public <E extends Enum<E>> @Nullable E oneOf(String name, E[] constants) {
    String text = requiredText(name, 100);
    List<String> names = new ArrayList<>();
    for (E constant : constants) {
      String wire = constant.name().toLowerCase(Locale.ROOT);
      if (wire.equals(text)) {
        return constant;
      }
      names.add(wire);
    }
    if (!text.isBlank()) {
      mistake(name, "must be one of " + String.join(", ", names));
    }
    return null;
  }

  public void mistake(String path, String message) {
    mistakes.add(Mistake.at(path, message));
  }

  /** Throws {@code invalid_request} with every mistake, if there is one. */
  public void end() {
    for (String name : object.propertyNames()) {
      if (!known.contains(name)) {
        String shown = name.length() > 60 ? name.substring(0, 60) + "…" : name;
        mistakes.add(
            new Mistake(shown, 0, 0, "is not known here", "known are " + String.join(", ", known)));
      }
    }
    if (!mistakes.isEmpty()) {
      String detail =
          mistakes.size() == 1
              ? mistakes.getFirst().toString()
              : "the body has " + mistakes.size() + " mistakes";
      throw Problem.of(ProblemCode.INVALID_REQUEST, detail, mistakes).refusal();
    }
  }

  private static String kind(JsonNode value) {
    return value.getNodeType().toString().toLowerCase(Locale.ROOT);
  }
}
