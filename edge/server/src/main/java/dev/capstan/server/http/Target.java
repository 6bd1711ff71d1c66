package dev.capstan.server.http;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The path and query of a request, percent-decoded strictly: what is no UTF-8 is refused and not
 * replaced.
 */
final class Target {
  private Target() {}

  /** The path's segments; a slash at the end counts for nothing. */
  static List<String> segments(String path) {
    List<String> segments = new ArrayList<>(6);
    int from = path.startsWith("/") ? 1 : 0;
    while (from < path.length()) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      segments.add(decoded(path.substring(from, to), false));
      from = to + 1;
    }
    return segments;
  }

  /** The parameters by name; the last one of a name counts. */
  static Map<String, String> parameters(@Nullable String query) {
    if (query == null || query.isEmpty()) {
      return Map.of();
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&", 200)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      if (!name.isEmpty()) {
        parameters.put(decoded(name, true), decoded(value, true));
      }
    }
    return parameters;
  }

  private static String decoded(String text, boolean isQuery) {
    if (text.indexOf('%') < 0 && (!isQuery || text.indexOf('+') < 0)) {
      return text;
    }
    byte[] bytes = new byte[text.length()];
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        boolean isWhole = i + 2 < text.length();
        int high = isWhole ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = isWhole ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw notDecodable();
        }
        bytes[length++] = (byte) (high << 4 | low);
        i += 2;
      } else if (c < 0x80) {
        bytes[length++] = (byte) (c == '+' && isQuery ? ' ' : c);
      } else {
        throw notDecodable();
      }
    }
    return utf8(bytes, length);
  }

  /** Strictly; throws {@code invalid_request} for what is no UTF-8. */
  static String utf8(byte[] bytes, int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException broken) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, "this is no valid UTF-8").refusal();
    }
  }

  private static Refusal notDecodable() {
    return Problem.of(ProblemCode.INVALID_REQUEST, "the address is not percent-encoded rightly")
        .refusal();
  }
}
