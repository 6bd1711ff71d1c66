package dev.capstan.cli.api;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Capstan's folder on this machine, and where it says that the server is. */
public record Home(Path folder, Map<String, String> environment) {
  public static Home of(Map<String, String> environment) {
    String named = environment.getOrDefault("CAPSTAN_HOME", "");
    Path folder =
        named.isEmpty()
            ? Path.of(environment.getOrDefault("HOME", "."), ".capstan")
            : Path.of(named);
    return new Home(folder.toAbsolutePath().normalize(), environment);
  }

  public Path data() {
    return folder.resolve("data");
  }

  public Path log() {
    return folder.resolve("logs").resolve("capstan.log");
  }

  public Path serverFile() {
    return folder.resolve("server.json");
  }

  /** What a running server wrote about itself; empty when there is none or it is half written. */
  public Optional<JsonNode> serverCard() {
    try {
      return Optional.of(Json.parse(Files.readString(serverFile())));
    } catch (IOException | Refusal absent) {
      return Optional.empty();
    }
  }

  /** {@code CAPSTAN_URL}, else where the server said that it is, else the default address. */
  public String serverUrl() {
    String named = environment.getOrDefault("CAPSTAN_URL", "");
    if (!named.isEmpty()) {
      return named;
    }
    return serverCard()
        .map(card -> card.path("url").asString(""))
        .filter(url -> !url.isEmpty())
        .orElseGet(() -> "http://127.0.0.1:" + port());
  }

  public String port() {
    return environment.getOrDefault("CAPSTAN_PORT", "8080");
  }
}
