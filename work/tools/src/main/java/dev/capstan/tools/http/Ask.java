package dev.capstan.tools.http;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One request to one address.
 *
 * @param headers by name in lower case
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and never changed
record Ask(String method, URI url, Map<String, String> headers, byte @Nullable [] body) {
  /** What goes along to another host; nothing else does, credentials least of all. */
  private static final java.util.Set<String> HARMLESS =
      java.util.Set.of("accept", "accept-language", "user-agent", "accept-encoding");

  private static final java.util.Set<String> ALLOWED =
      java.util.Set.of(
          "accept",
          "accept-language",
          "api-key",
          "apikey",
          "authorization",
          "content-type",
          "if-match",
          "if-modified-since",
          "if-none-match",
          "if-unmodified-since",
          "prefer",
          "private-token",
          "range",
          "user-agent");

  /** Throws a {@link Refusal} of {@code invalid_input} or {@code forbidden}. */
  static Ask of(JsonNode input, String method, String idempotencyKey, HttpRules rules) {
    Map<String, String> headers = new TreeMap<>();
    headers.put("user-agent", "capstan");
    headers.put("accept", "application/json, text/*;q=0.9, */*;q=0.5");
    byte[] body = body(input, headers);
    for (Map.Entry<String, JsonNode> header : input.path("headers").properties()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!isAllowed(name)) {
        throw refusal(ProblemCode.INVALID_INPUT, "the header " + name + " cannot be set");
      }
      headers.put(name, header.getValue().asString());
    }
    headers.put("accept-encoding", "gzip");
    if (!method.equals("GET") && !method.equals("HEAD")) {
      headers.put("idempotency-key", idempotencyKey);
    } else if (body != null) {
      throw refusal(ProblemCode.INVALID_INPUT, method + " has no body");
    }
    return new Ask(method, checked(parse(input.path("url").asString()), rules), headers, body);
  }

  private static byte @Nullable [] body(JsonNode input, Map<String, String> headers) {
    JsonNode body = input.path("body");
    if (body.isMissingNode()) {
      return null;
    }
    headers.put("content-type", body.isString() ? "text/plain; charset=utf-8" : "application/json");
    return (body.isString() ? body.asString() : Json.write(body)).getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isAllowed(String name) {
    return ALLOWED.contains(name)
        || (name.startsWith("x-") && !name.startsWith("x-forwarded") && !name.equals("x-real-ip"));
  }

  private static URI parse(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException broken) {
      throw refusal(ProblemCode.INVALID_INPUT, "the url is none: " + broken.getReason());
    }
  }

  private static URI checked(URI url, HttpRules rules) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw refusal(ProblemCode.INVALID_INPUT, "the url must begin with http:// or https://");
    }
    if (url.getHost() == null || url.getRawUserInfo() != null || url.getPort() > 65_535) {
      throw refusal(
          ProblemCode.INVALID_INPUT, "the url must name a host, and nobody's name or password");
    }
    String host = host(url);
    int port = port(url);
    if (!rules.permits(host, port)) {
      throw refusal(
          ProblemCode.FORBIDDEN,
          host
              + ":"
              + port
              + " is not allowed; the operator lists the hosts that may be asked in "
              + HttpRules.ALLOW
              + ", such as "
              + HttpRules.ALLOW
              + "="
              + host);
    }
    return url;
  }

  /** In lower case, without a dot at its end, and an IPv6 address without brackets. */
  static String host(URI url) {
    String host = url.getHost().toLowerCase(Locale.ROOT);
    if (host.startsWith("[")) {
      return host.substring(1, host.length() - 1);
    }
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  static int port(URI url) {
    if (url.getPort() > 0) {
      return url.getPort();
    }
    return url.getScheme().equalsIgnoreCase("https") ? 443 : 80;
  }

  /**
   * The next request after a redirect, checked as the first was. Throws a {@link Refusal} where it
   * must not be followed.
   */
  Ask redirected(int status, String location, HttpRules rules) {
    URI next;
    try {
      next = url.resolve(new URI(location));
    } catch (URISyntaxException broken) {
      throw refusal(ProblemCode.TOOL_FAILED, "the server redirects to what is no url");
    }
    checked(next, rules);
    if (url.getScheme().equalsIgnoreCase("https") && next.getScheme().equalsIgnoreCase("http")) {
      throw refusal(ProblemCode.FORBIDDEN, "a redirect from https to http is not followed");
    }
    boolean sameHost = host(url).equals(host(next)) && port(url) == port(next);
    boolean again = status == 307 || status == 308 || method.equals("HEAD");
    if (again && body != null && !sameHost) {
      throw refusal(ProblemCode.FORBIDDEN, "a redirect would take the body to another host");
    }
    Map<String, String> kept = new TreeMap<>(headers);
    if (!sameHost) {
      kept.keySet().retainAll(HARMLESS);
    }
    if (!again) {
      kept.remove("content-type");
      kept.remove("idempotency-key");
    }
    return new Ask(again ? method : "GET", next, kept, again ? body : null);
  }

  private static Refusal refusal(ProblemCode code, String detail) {
    return Problem.of(code, detail).refusal();
  }
}
