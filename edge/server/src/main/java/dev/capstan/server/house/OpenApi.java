package dev.capstan.server.house;

import dev.capstan.server.http.Answer;
import dev.capstan.server.http.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** {@code GET /openapi.json}: what every address takes and gives. */
public final class OpenApi {
  private final String text;

  public OpenApi() {
    try (InputStream resource = OpenApi.class.getResourceAsStream("openapi.json")) {
      if (resource == null) {
        throw new IllegalStateException("openapi.json is missing from this build");
      }
      text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  public Answer show(Exchange exchange) {
    return Answer.text(200, Answer.JSON, text);
  }
}
