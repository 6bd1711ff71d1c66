package dev.capstan.server.http;

import dev.capstan.kernel.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** What an endpoint answers. */
public sealed interface Answer {
  String JSON = "application/json";

  /** A body that is complete. */
  final class Body implements Answer {
    private final int status;
    private final String mediaType;
    private final byte[] content;
    private Map<String, String> headers = Map.of();

    private Body(int status, String mediaType, byte[] content) {
      this.status = status;
      this.mediaType = mediaType;
      this.content = content;
    }

    /** Adds a header. */
    public Body with(String header, String value) {
      headers = headers.isEmpty() ? new TreeMap<>() : headers;
      headers.put(header, value);
      return this;
    }

    int status() {
      return status;
    }

    String mediaType() {
      return mediaType;
    }

    /** The array itself: do not write to it. */
    byte[] content() {
      return content;
    }

    Map<String, String> headers() {
      return headers;
    }
  }

  /** The endpoint has answered by itself, as streams do. */
  record Taken() implements Answer {}

  /** The value as JSON. */
  static Body json(int status, Object value) {
    return new Body(status, JSON, Json.mapper().writeValueAsBytes(value));
  }

  static Body ok(Object value) {
    return json(200, value);
  }

  static Body text(int status, String mediaType, String text) {
    return new Body(status, mediaType, text.getBytes(StandardCharsets.UTF_8));
  }
}
