package dev.capstan.tools.http;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a server answered.
 *
 * @param headers by name in lower case
 * @param body unpacked
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and never changed
record Answer(int status, Map<String, String> headers, byte[] body) {
  private static final Pattern CHARSET = Pattern.compile("charset=\"?([A-Za-z0-9._-]{1,40})");
  private static final int LONGEST_EXCERPT = 200;

  /** Headers that are handed on; cookies are not. */
  private static final Set<String> SHOWN =
      Set.of(
          "cache-control",
          "content-type",
          "date",
          "etag",
          "last-modified",
          "link",
          "location",
          "retry-after");

  boolean isRedirect() {
    return (status == 301 || status == 302 || status == 303 || status == 307 || status == 308)
        && headers.containsKey("location");
  }

  /**
   * {@code {"status", "url", "headers", "body"}}; bytes that are no text as {@code body_base64}.
   */
  JsonNode output(String url) {
    ObjectNode output = Json.object().put("status", status).put("url", url);
    ObjectNode shown = output.putObject("headers");
    headers.forEach((name, value) -> {
      if (SHOWN.contains(name) || name.startsWith("x-")) {
        shown.put(name, value);
      }
    });
    String type = headers.getOrDefault("content-type", "").toLowerCase(Locale.ROOT);
    try {
      String text = charset(type).newDecoder().decode(ByteBuffer.wrap(body)).toString();
      output.set("body", isJson(type) ? json(text) : Json.text(text));
    } catch (CharacterCodingException binary) {
      output.put("body_base64", Base64.getEncoder().encodeToString(body));
    }
    return output;
  }

  /** The beginning of the body, for a message. */
  String excerpt() {
    String text = new String(body, StandardCharsets.UTF_8).replaceAll("\\s+", " ").strip();
    return text.length() > LONGEST_EXCERPT ? text.substring(0, LONGEST_EXCERPT) + "…" : text;
  }

  private static boolean isJson(String type) {
    String media = type.split(";", 2)[0].strip();
    return media.equals("application/json") || media.endsWith("+json");
  }

  /** Text stays text when it only claims to be JSON. */
  private static JsonNode json(String text) {
    try {
      return text.isBlank() ? Json.text(text) : Json.parse(text);
    } catch (Refusal broken) {
      return Json.text(text);
    }
  }

  private static Charset charset(String type) {
    Matcher named = CHARSET.matcher(type);
    try {
      return named.find() ? Charset.forName(named.group(1)) : StandardCharsets.UTF_8;
    } catch (UnsupportedCharsetException | IllegalCharsetNameException unknown) {
      return StandardCharsets.UTF_8;
    }
  }
}
