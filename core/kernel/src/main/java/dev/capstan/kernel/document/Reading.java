package dev.capstan.kernel.document;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.Refusal;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the values that documents are made of; what is wrong goes to the findings and something
 * harmless is returned, so that reading goes on to the next mistake.
 */
public final class Reading {
  private static final int LONGEST_TEXT = 100_000;

  private final Findings findings;

  public Reading(Findings findings) {
    this.findings = findings;
  }

  public Findings findings() {
    return findings;
  }

  /** What kind of value it is, in words. */
  public static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "an object";
      case ARRAY -> "a list";
      case STRING -> "a text";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      default -> "empty";
    };
  }

  /** Whether it is an object; each field that is not known is a mistake. */
  public boolean object(JsonNode value, At at, Collection<String> known) {
    if (!value.isObject()) {
      wrong(value, at, "an object with fields");
      return false;
    }
    for (String name : value.propertyNames()) {
      if (!known.contains(name)) {
        findings.addKey(
            at.field(name), "unknown field '" + name + "'", Spelling.suggestion(name, known));
      }
    }
    return true;
  }

  public void wrong(JsonNode value, At at, String wanted) {
    findings.add(at, "this is " + kind(value) + " and should be " + wanted);
  }

  public @Nullable String text(@Nullable JsonNode value, At at) {
    if (value == null) {
      return null;
    }
    if (!value.isString()) {
      wrong(value, at, "a text");
      return null;
    }
    if (value.stringValue().length() > LONGEST_TEXT) {
      findings.add(at, "this text is longer than " + LONGEST_TEXT + " characters");
    }
    return value.stringValue();
  }

  public int integer(@Nullable JsonNode value, At at, int least, int most, int fallback) {
    if (value == null) {
      return fallback;
    }
    boolean fits = value.isIntegralNumber() && value.canConvertToInt();
    if (!fits || value.intValue() < least || value.intValue() > most) {
      String range = "a whole number from " + least + " to " + most;
      if (value.isNumber()) {
        findings.add(at, "this should be " + range);
      } else {
        wrong(value, at, range);
      }
      return fallback;
    }
    return value.intValue();
  }

  public boolean truth(@Nullable JsonNode value, At at, boolean fallback) {
    if (value == null) {
      return fallback;
    }
    if (!value.isBoolean()) {
      boolean word = value.isString() && value.stringValue().matches("(?i)yes|no|on|off");
      findings.add(
          at,
          "this is " + kind(value) + " and should be true or false",
          word
              ? Optional.of("write " + value.stringValue().matches("(?i)yes|on"))
              : Optional.empty());
      return fallback;
    }
    return value.booleanValue();
  }

  public @Nullable Duration duration(@Nullable JsonNode value, At at) {
    if (value == null) {
      return null;
    }
    Optional<Duration> duration = Durations.read(value);
    if (duration.isEmpty()) {
      String shown = value.isValueNode() ? "'" + shortened(value.asString()) + "'" : kind(value);
      findings.add(at, shown + " is no duration", Optional.of("write one " + Durations.FORMS));
    }
    return duration.orElse(null);
  }

  /** A duration longer than nothing. */
  public @Nullable Duration positive(@Nullable JsonNode value, At at) {
    Duration duration = duration(value, at);
    if (duration != null && duration.isZero()) {
      findings.add(at, "this must be longer than 0");
    }
    return duration;
  }

  /** An amount of dollars, 0 or more, as a number or a text. */
  public @Nullable Money money(@Nullable JsonNode value, At at) {
    if (value == null) {
      return null;
    }
    try {
      if (value.isNumber() || value.isString()) {
        Money money =
            value.isNumber()
                ? Money.dollars(value.decimalValue())
                : Money.dollars(value.stringValue());
        if (money.pico() >= 0) {
          return money;
        }
      }
      findings.add(at, "this should be dollars, such as 0.25");
    } catch (Refusal unfit) {
      findings.add(at, unfit.problem().detail());
    }
    return null;
  }

  /** The constant of this wire name. */
  public <T extends Enum<T>> T oneOf(@Nullable JsonNode value, At at, T fallback, Class<T> type) {
    if (value == null) {
      return fallback;
    }
    String text = text(value, at);
    if (text == null) {
      return fallback;
    }
    List<String> names =
        java.util.Arrays.stream(type.getEnumConstants())
            .map(each -> each.name().toLowerCase(Locale.ROOT))
            .toList();
    int index = names.indexOf(text);
    if (index >= 0) {
      return type.getEnumConstants()[index];
    }
    Optional<String> near = Spelling.suggestion(text, names);
    findings.add(at, "'" + shortened(text) + "' is not one of " + String.join(", ", names), near);
    return fallback;
  }

  public static String shortened(String text) {
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }
}
