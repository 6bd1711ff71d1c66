package dev.capstan.server.trail;

import dev.capstan.kernel.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Sends spans by OTLP over HTTP, in its JSON encoding. What cannot be sent is lost, and said. */
final class OtlpSender {
  private static final Logger LOG = LoggerFactory.getLogger(OtlpSender.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int KIND_INTERNAL = 1;
  private static final int STATUS_ERROR = 2;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final URI address;
  private boolean failing;

  /** {@code endpoint} is the receiver's base address, as {@code OTEL_EXPORTER_OTLP_ENDPOINT}. */
  OtlpSender(URI endpoint) {
    String base = endpoint.toString().replaceAll("/+$", "");
    this.address = URI.create(base.endsWith("/v1/traces") ? base : base + "/v1/traces");
  }

  /** Blocks for some seconds at most. */
  void send(List<Span> spans) {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(encode(spans)))
            .build();
    try {
      int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      told(status / 100 == 2 ? "" : "it answered with status " + status);
    } catch (IOException unreachable) {
      told(unreachable.getClass().getSimpleName() + " " + unreachable.getMessage());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says it once when the receiver begins to fail, and once when it is back. */
  private void told(String trouble) {
    boolean fails = !trouble.isEmpty();
    if (fails && !failing) {
      LOG.warn("spans cannot be sent to {}: {}", address, trouble);
    } else if (!fails && failing) {
      LOG.info("spans are sent to {} again", address);
    }
    failing = fails;
  }

  static byte[] encode(List<Span> spans) {
    ObjectNode document = Json.object();
    ObjectNode resource = document.putArray("resourceSpans").addObject();
    attribute(resource.putObject("resource").putArray("attributes"), "service.name", "capstan");
    ObjectNode scoped = resource.putArray("scopeSpans").addObject();
    scoped.putObject("scope").put("name", "dev.capstan");
    ArrayNode all = scoped.putArray("spans");
    spans.forEach(span -> write(all.addObject(), span));
    return Json.mapper().writeValueAsBytes(document);
  }

  private static void write(ObjectNode node, Span span) {
    HexFormat hex = HexFormat.of();
    node.put("traceId", hex.toHexDigits(span.traceHigh()) + hex.toHexDigits(span.traceLow()));
    node.put("spanId", hex.toHexDigits(span.id()));
    if (span.parent() != 0) {
      node.put("parentSpanId", hex.toHexDigits(span.parent()));
    }
    node.put("name", span.name());
    node.put("kind", KIND_INTERNAL);
    node.put("startTimeUnixNano", nanos(span.start()));
    node.put("endTimeUnixNano", nanos(span.end()));
    ArrayNode attributes = node.putArray("attributes");
    for (Map.Entry<String, Object> entry : span.attributes().entrySet()) {
      attribute(attributes, entry.getKey(), entry.getValue());
    }
    if (span.error() != null) {
      node.putObject("status").put("code", STATUS_ERROR).put("message", span.error());
    }
  }

  private static void attribute(ArrayNode attributes, String key, Object value) {
    ObjectNode attribute = attributes.addObject().put("key", key);
    if (value instanceof Number number) {
      attribute.putObject("value").put("intValue", number.toString());
    } else {
      attribute.putObject("value").put("stringValue", value.toString());
    }
  }

  private static String nanos(Instant instant) {
    return Long.toString(instant.getEpochSecond() * 1_000_000_000L + instant.getNano());
  }
}
