package dev.capstan.agents.crew;

import dev.capstan.kernel.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** The JSON Schema (2020-12) of crews and of single agents, for editors and for models. */
public final class CrewSchema {
  private static final String RESOURCE = "crew.schema.json";

  private CrewSchema() {}

  /** The schema's text, as published. */
  public static String text() {
    try (InputStream stream = CrewSchema.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new IllegalStateException(RESOURCE + " is not in the jar");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static JsonNode document() {
    return Json.parse(text());
  }
}
