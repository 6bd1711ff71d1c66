package dev.capstan.server.http;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads a request's body: JSON in UTF-8, of a bounded size. */
final class Body {
  /** In bytes. */
  static final int LARGEST = 8 * 1024 * 1024;

  private static final int FIRST_GUESS = 8 * 1024;

  private Body() {}

  static String text(HttpServletRequest request) throws IOException {
    requireJson(request.getContentType());
    if (request.getHeader("Content-Encoding") != null) {
      throw refusal(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "a compressed body is not understood");
    }
    long announced = request.getContentLengthLong();
    if (announced > LARGEST) {
      throw tooLarge();
    }
    ServletInputStream stream = request.getInputStream();
    byte[] bytes = new byte[announced < 0 ? FIRST_GUESS : (int) announced];
    int length = stream.readNBytes(bytes, 0, bytes.length);
    while (announced < 0 && length == bytes.length) {
      if (length > LARGEST) {
        throw tooLarge();
      }
      bytes = Arrays.copyOf(bytes, 2 * length);
      length += stream.readNBytes(bytes, length, bytes.length - length);
    }
    if (length > LARGEST) {
      throw tooLarge();
    }
    if (length == 0) {
      throw Exchange.invalid("the body is empty; a JSON object is expected");
    }
    return Target.utf8(bytes, length);
  }

  private static void requireJson(@Nullable String contentType) {
    String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
    int semicolon = type.indexOf(';');
    String media = (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
    boolean utf8 = semicolon < 0 || !type.contains("charset") || type.contains("utf-8");
    if (!media.equals(Answer.JSON) || !utf8) {
      throw refusal(
          ProblemCode.UNSUPPORTED_MEDIA_TYPE,
          "send JSON in UTF-8, with the header Content-Type: application/json");
    }
  }

  private static Refusal tooLarge() {
    return refusal(ProblemCode.TOO_LARGE, "a body may have at most " + LARGEST + " bytes");
  }

  private static Refusal refusal(ProblemCode code, String detail) {
    return Problem.of(code, detail).refusal();
  }
}
