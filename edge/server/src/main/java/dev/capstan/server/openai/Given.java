package dev.capstan.server.openai;

import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A field of what a client sent, by the path that OpenAI's errors name: {@code
 * messages[2].content}. What does not fit is refused at once, as OpenAI does.
 */
record Given(JsonNode value, String path) {
  Given field(String name) {
    return new Given(value.path(name), path.isEmpty() ? name : path + "." + name);
  }

  boolean isAbsent() {
    return value.isMissingNode() || value.isNull();
  }

  Refusal wrong(String what) {
    return Problem.of(
            ProblemCode.INVALID_REQUEST,
            (path.isEmpty() ? "the body" : "'" + path + "'") + " " + what,
            List.of(Mistake.at(path, what)))
        .refusal();
  }

  /** Itself, when it is an object. */
  Given object() {
    if (!value.isObject()) {
      throw wrong(isAbsent() ? "is missing" : "must be an object");
    }
    return this;
  }

  String text() {
    if (!value.isString()) {
      throw wrong(isAbsent() ? "is missing" : "must be a text");
    }
    return value.stringValue();
  }

  String textOr(String fallback) {
    return isAbsent() ? fallback : text();
  }

  boolean truth(boolean fallback) {
    if (isAbsent()) {
      return fallback;
    }
    if (!value.isBoolean()) {
      throw wrong("must be true or false");
    }
    return value.booleanValue();
  }

  @Nullable Integer integer(int least, int most) {
    if (isAbsent()) {
      return null;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < least
        || value.intValue() > most) {
      throw wrong("must be a whole number from " + least + " to " + most);
    }
    return value.intValue();
  }

  @Nullable Long number() {
    if (isAbsent()) {
      return null;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong("must be a whole number of 64 bits");
    }
    return value.longValue();
  }

  @Nullable Double decimal(double least, double most) {
    if (isAbsent()) {
      return null;
    }
    double number = value.isNumber() ? value.doubleValue() : Double.NaN;
    if (!(number >= least && number <= most)) {
      throw wrong("must be a number from " + least + " to " + most);
    }
    return number;
  }

  /** The items of a list; none when it is absent. */
  List<Given> items() {
    if (isAbsent()) {
      return List.of();
    }
    if (!value.isArray()) {
      throw wrong("must be a list");
    }
    List<Given> items = new ArrayList<>(value.size());
    for (int i = 0; i < value.size(); i++) {
      items.add(new Given(value.path(i), path + "[" + i + "]"));
    }
    return items;
  }
}
