package dev.capstan.kernel.document;

import dev.capstan.kernel.Json;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Writes a JSON value as YAML for people: texts of several lines as they are read, what is small on
 * one line. Reading it back gives the same value.
 */
public final class YamlPage {
  private static final int NARROW = 100;
  private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
  private static final Pattern PLAIN_TEXT =
      Pattern.compile("[A-Za-z_/][A-Za-z0-9_ ./()+-]*[A-Za-z0-9_/).!?]|[A-Za-z]");
  private static final Set<String> WORDS =
      Set.of("true", "false", "null", "yes", "no", "on", "off");

  private static final String SHOWN =
      "\\x21-\\x7E\\xA1-\\u2027\\u2030-\\uD7FF\\x{10000}-\\x{10FFFF}";

  /** Lines that a block shows as they are: no control characters, nothing a reader would fold. */
  private static final Pattern BLOCK =
      Pattern.compile("(?!\\s)[ \n" + SHOWN + "]*[" + SHOWN + "]\n?");

  private final StringBuilder page = new StringBuilder();

  private YamlPage() {}

  /** The page, with a line feed at its end. */
  public static String of(JsonNode value) {
    YamlPage yaml = new YamlPage();
    if (value.isEmpty() || value.isValueNode()) {
      yaml.page.append(flow(value)).append('\n');
    } else {
      yaml.block(value, 0);
    }
    return yaml.page.toString();
  }

  private void block(JsonNode value, int indent) {
    if (value.isArray()) {
      for (JsonNode item : value.values()) {
        page.repeat(' ', indent).append("- ");
        item(item, indent + 2);
      }
    } else {
      boolean first = true;
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        page.repeat(' ', first && isAfterDash() ? 0 : indent)
            .append(key(field.getKey()))
            .append(':');
        after(field.getValue(), indent);
        first = false;
      }
    }
  }

  private boolean isAfterDash() {
    return page.length() > 1
        && page.charAt(page.length() - 1) == ' '
        && page.charAt(page.length() - 2) == '-';
  }

  private void item(JsonNode value, int indent) {
    if (value.isObject() && !value.isEmpty() && !isNarrow(value)) {
      block(value, indent);
    } else if (value.isArray() && !value.isEmpty() && !isNarrow(value)) {
      page.append('\n');
      block(value, indent);
    } else if (isBlock(value)) {
      lines(value.stringValue(), indent);
    } else {
      page.append(flow(value)).append('\n');
    }
  }

  private void after(JsonNode value, int indent) {
    if (isBlock(value)) {
      page.append(' ');
      lines(value.stringValue(), indent + 2);
    } else if (value.isValueNode() || value.isEmpty() || isNarrow(value)) {
      page.append(' ').append(flow(value)).append('\n');
    } else {
      page.append('\n');
      block(value, indent + 2);
    }
  }

  private static boolean isNarrow(JsonNode value) {
    return !hasBlock(value) && flow(value).length() <= NARROW - 20;
  }

  private static boolean hasBlock(JsonNode value) {
    return isBlock(value) || value.values().stream().anyMatch(YamlPage::hasBlock);
  }

  private static boolean isBlock(JsonNode value) {
    if (!value.isString()) {
      return false;
    }
    String text = value.stringValue();
    return text.indexOf('\n') >= 0
        && BLOCK.matcher(text).matches()
        && text.lines().noneMatch(line -> line.endsWith(" "));
  }

  private void lines(String text, int indent) {
    page.append(text.endsWith("\n") ? "|\n" : "|-\n");
    text.lines()
        .forEach(line -> page.repeat(' ', line.isEmpty() ? 0 : indent).append(line).append('\n'));
  }

  private static String key(String name) {
    return PLAIN_KEY.matcher(name).matches() && !isWord(name) ? name : quoted(name);
  }

  private static boolean isWord(String text) {
    return WORDS.contains(text.toLowerCase(Locale.ROOT));
  }

  /** On one line. */
  private static String flow(JsonNode value) {
    if (value.isString()) {
      String text = value.stringValue();
      return PLAIN_TEXT.matcher(text).matches() && !isWord(text) ? text : quoted(text);
    }
    StringBuilder flow = new StringBuilder();
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        flow.append(flow.isEmpty() ? "{" : ", ")
            .append(key(field.getKey()))
            .append(": ")
            .append(flow(field.getValue()));
      }
      return flow.isEmpty() ? "{}" : flow.append('}').toString();
    }
    if (value.isArray()) {
      for (JsonNode item : value.values()) {
        flow.append(flow.isEmpty() ? "[" : ", ").append(flow(item));
      }
      return flow.isEmpty() ? "[]" : flow.append(']').toString();
    }
    return Json.write(value);
  }

  /** As JSON writes it, which YAML reads, with everything escaped that YAML would not take. */
  private static String quoted(String text) {
    String json = Json.write(text);
    StringBuilder safe = new StringBuilder(json.length());
    json.codePoints()
        .forEach(c -> {
          boolean odd =
              (c >= 0x7f && c < 0xa1)
                  || c == 0x2028
                  || c == 0x2029
                  || (c >= 0xd800 && c <= 0xf8ff)
                  || c >= 0xfe00;
          if (odd) {
            safe.append(String.format(Locale.ROOT, c > 0xffff ? "\\U%08x" : "\\u%04x", c));
          } else {
            safe.appendCodePoint(c);
          }
        });
    return safe.toString();
  }
}
