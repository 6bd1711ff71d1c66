package dev.capstan.memory.chroma;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Speaks version 2 of Chroma's HTTP API. */
final class ChromaWire implements AutoCloseable {
  private static final String COLLECTIONS =
      "/api/v2/tenants/default_tenant/databases/default_database/collections";
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final int LONGEST_COMPLAINT = 300;
  private static final int NOT_FOUND = 404;

  private final String base;
  private final Duration patience;
  private final HttpClient client;

  ChromaWire(URI server, Duration patience) {
    String address = server.toString();
    this.base = (address.endsWith("/") ? address.substring(0, address.length() - 1) : address);
    this.patience = patience;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
  }

  /** Null when the server knows no such collection. */
  @Nullable JsonNode get(String path) {
    return exchange("GET", path, null);
  }

  /** Null when the server knows no such collection. */
  @Nullable JsonNode post(String path, JsonNode body) {
    return exchange("POST", path, body);
  }

  @Nullable JsonNode delete(String path) {
    return exchange("DELETE", path, null);
  }

  private @Nullable JsonNode exchange(String method, String path, @Nullable JsonNode body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + COLLECTIONS + path)).timeout(patience);
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofString(Json.write(body)));
    }
    try {
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() == NOT_FOUND) {
        return null;
      }
      if (answer.statusCode() / 100 != 2) {
        throw unavailable("answered " + answer.statusCode() + ": " + shown(answer.body()));
      }
      return Json.parse(answer.body());
    } catch (IOException broken) {
      throw unavailable("does not answer: " + broken);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw Problem.of(ProblemCode.CANCELLED, "stopped while asking the agents' memory").refusal();
    } catch (Refusal broken) {
      if (broken.problem().code() != ProblemCode.INVALID_REQUEST) {
        throw broken;
      }
      throw unavailable("answers with something that is no JSON");
    }
  }

  Refusal unavailable(String what) {
    return Problem.of(
            ProblemCode.UNAVAILABLE,
            "the Chroma server that keeps the agents' memory "
                + what
                + "; see that it runs where CHROMA_URL says")
        .refusal();
  }

  private static String shown(String complaint) {
    return complaint.length() <= LONGEST_COMPLAINT
        ? complaint
        : complaint.substring(0, LONGEST_COMPLAINT) + "…";
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
