package dev.capstan.plan;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Findings;
import dev.capstan.kernel.document.Reading;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the templates and expressions that plans are made of, as {@link Reading} reads values. */
final class ExpressionReading {
  static final Template NO_INPUT = Templates.template(Json.object());
  private static final Expression NEVER = Templates.expression("false");

  private final Reading reading;
  private final Findings findings;

  ExpressionReading(Reading reading) {
    this.reading = reading;
    this.findings = reading.findings();
  }

  Template template(@Nullable JsonNode value, At at) {
    if (value == null) {
      return NO_INPUT;
    }
    try {
      return Templates.template(value);
    } catch (Refusal refusal) {
      locate(value, at, refusal.problem());
      return NO_INPUT;
    }
  }

  /** Finds the texts of the value whose expressions do not parse. */
  private void locate(JsonNode value, At at, Problem whole) {
    int before = findings.count();
    locateWithin(value, at, 0);
    if (findings.count() == before) {
      findings.add(at, whole.detail());
    }
  }

  private void locateWithin(JsonNode value, At at, int depth) {
    if (depth > Json.DEEPEST) {
      return;
    }
    if (value.isString()) {
      try {
        Templates.template(value);
      } catch (Refusal refusal) {
        findings.add(at, refusal.problem().detail());
      }
    } else if (value.isObject()) {
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        locateWithin(field.getValue(), at.field(field.getKey()), depth + 1);
      }
    } else if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        locateWithin(value.get(i), at.item(i), depth + 1);
      }
    }
  }

  /** A guard: an expression, or true or false. */
  @Nullable Expression guard(@Nullable JsonNode value, At at) {
    if (value == null) {
      return null;
    }
    if (value.isBoolean()) {
      return Templates.expression(value.asString().toLowerCase(Locale.ROOT));
    }
    if (!value.isString()) {
      reading.wrong(value, at, "an expression");
      return NEVER;
    }
    return expression(value.stringValue(), at);
  }

  Expression expression(String source, At at) {
    try {
      return Templates.expression(source);
    } catch (Refusal refusal) {
      findings.add(at, refusal.problem().detail());
      return NEVER;
    }
  }

  /** An expression of a list, or the list itself. */
  Expression list(JsonNode value, At at) {
    if (value.isString()) {
      return expression(value.stringValue(), at);
    }
    if (!value.isArray()) {
      reading.wrong(value, at, "a list or an expression of one");
      return NEVER;
    }
    String written = Json.write(value);
    if (written.contains("${")) {
      findings.add(
          at,
          "a list that is written out holds no expressions",
          Optional.of("write the list as one expression, such as ${[inputs.a, 'b']}"));
    }
    return expression(written, at);
  }
}
