package dev.capstan.twin;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 request, read whole.
 *
 * @param headers by names in lower case
 * @param bytes how long the body was
 */
record HttpAsk(
    String method, String path, String query, Map<String, String> headers, String body, int bytes) {
  private static final int LONGEST_LINE = 64 * 1024;
  private static final int LARGEST_BODY = 64 * 1024 * 1024;

  /** The next request of the connection; null when the client has left. */
  static @Nullable HttpAsk read(InputStream in) throws IOException {
    String first = line(in);
    if (first == null) {
      return null;
    }
    String[] words = first.split(" ", 3);
    if (words.length != 3) {
      throw new IOException("no request line: " + first);
    }
    Map<String, String> headers = headers(in);
    byte[] body =
        "chunked".equalsIgnoreCase(headers.get("transfer-encoding"))
            ? chunked(in)
            : exactly(in, Integer.parseInt(headers.getOrDefault("content-length", "0")));
    int question = words[1].indexOf('?');
    String path = question < 0 ? words[1] : words[1].substring(0, question);
    String query = question < 0 ? "" : words[1].substring(question + 1);
    String text = new String(body, StandardCharsets.UTF_8);
    return new HttpAsk(words[0], path, query, headers, text, body.length);
  }

  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  private static Map<String, String> headers(InputStream in) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    return headers;
  }

  private static byte[] chunked(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      String size = line(in);
      if (size == null) {
        throw new EOFException("a chunk is missing");
      }
      int length = Integer.parseInt(size.split(";", 2)[0].strip(), 16);
      if (length == 0) {
        headers(in);
        return all.toByteArray();
      }
      if (all.size() + length > LARGEST_BODY) {
        throw new IOException("the body is too large");
      }
      all.write(exactly(in, length));
      line(in);
    }
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    if (length < 0 || length > LARGEST_BODY) {
      throw new IOException("the body is too large");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the body ended early");
    }
    return bytes;
  }

  private static @Nullable String line(InputStream in) throws IOException {
    byte[] line = new byte[256];
    int length = 0;
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return null;
      }
      if (length == LONGEST_LINE) {
        throw new IOException("a line is too long");
      }
      if (length == line.length) {
        line = java.util.Arrays.copyOf(line, length * 2);
      }
      line[length++] = (byte) c;
    }
    int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    return new String(line, 0, end, StandardCharsets.ISO_8859_1);
  }
}
