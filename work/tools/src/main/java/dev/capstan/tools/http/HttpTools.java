package dev.capstan.tools.http;

import dev.capstan.engine.step.Tool;
import dev.capstan.kernel.Json;
import dev.capstan.plan.Effect;
import dev.capstan.plan.ToolSpec;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.ssl.SSLContexts;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * HTTP as three tools, because a tool declares once what repeating it means, and for HTTP that
 * depends on the method and on the server:
 *
 * <ul>
 *   <li>{@code http_get} (GET, HEAD) may be repeated;
 *   <li>{@code http} (any method) must not be: when the connection breaks the outcome is unknown;
 *   <li>{@code http_idempotent} (PUT, DELETE, and POST or PATCH to a server that honours {@code
 *       Idempotency-Key}) may be, because whoever wrote the plan says so.
 * </ul>
 */
public final class HttpTools {
  private HttpTools() {}

  public static List<Tool> of(HttpRules rules) {
    return of(rules, InetAddress::getAllByName, SSLContexts::createDefault);
  }

  static List<Tool> of(
      HttpRules rules, CheckedResolver.Lookup lookup, Supplier<SSLContext> trusted) {
    // The client loads TLS and more; a server that is never asked for it starts without.
    Supplier<Transport> transport = new Lazy<>(() -> new Transport(rules, lookup, trusted.get()));
    ScheduledExecutorService alarms = alarms();
    return List.of(
        new HttpTool(
            spec("http_get", "Reads from a server by HTTP.", Effect.IDEMPOTENT, "GET", "HEAD"),
            rules,
            transport,
            alarms),
        new HttpTool(
            spec(
                "http",
                "Sends any HTTP request; never repeated when it is unknown whether it took effect.",
                Effect.ONCE,
                "GET",
                "HEAD",
                "POST",
                "PUT",
                "PATCH",
                "DELETE"),
            rules,
            transport,
            alarms),
        new HttpTool(
            spec(
                "http_idempotent",
                "Sends an HTTP request that is safe to repeat with the same Idempotency-Key.",
                Effect.IDEMPOTENT,
                "PUT",
                "DELETE",
                "POST",
                "PATCH"),
            rules,
            transport,
            alarms));
  }

  private static ScheduledExecutorService alarms() {
    var alarms =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("http-time-limit").daemon().factory());
    alarms.setRemoveOnCancelPolicy(true);
    return alarms;
  }

  private static final class Lazy<T> implements Supplier<T> {
    private final Supplier<T> made;
    private volatile @Nullable T value;

    Lazy(Supplier<T> made) {
      this.made = made;
    }

    @Override
    public T get() {
      T present = value;
      if (present == null) {
        synchronized (this) {
          present = value;
          if (present == null) {
            present = made.get();
            value = present;
          }
        }
      }
      return present;
    }
  }

  private static ToolSpec spec(String name, String description, Effect effect, String... methods) {
    ObjectNode input = (ObjectNode) Json.parse(INPUT);
    ObjectNode properties = (ObjectNode) input.path("properties");
    ObjectNode method = properties.putObject("method");
    var allowed = method.putArray("enum");
    for (String one : methods) {
      allowed.add(one);
    }
    if (!methods[0].equals("GET")) {
      ((tools.jackson.databind.node.ArrayNode) input.path("required")).add("method");
    } else {
      method.put("default", "GET");
    }
    return new ToolSpec(name, description, input, OUTPUT, effect);
  }

  private static final String INPUT =
      """
      {"type": "object", "required": ["url"], "additionalProperties": false,
       "properties": {
         "url": {"type": "string", "minLength": 1, "maxLength": 4000},
         "headers": {"type": "object", "maxProperties": 50,
           "additionalProperties": {"type": "string", "maxLength": 4000, "pattern": "^[\\\\x20-\\\\x7e]*$"}},
         "body": {"description": "a text, or any JSON, which is sent as application/json"},
         "timeout_seconds": {"type": "integer", "minimum": 1, "maximum": 300},
         "fail_on_error": {"type": "boolean", "default": true,
           "description": "whether a status of 400 or more fails the step"}}}
      """;

  private static final JsonNode OUTPUT =
      Json.parse(
          """
          {"type": "object", "required": ["status", "url", "headers"], "additionalProperties": false,
           "properties": {
             "status": {"type": "integer"},
             "url": {"type": "string", "description": "where the answer came from, after redirects"},
             "headers": {"type": "object", "additionalProperties": {"type": "string"}},
             "body": {"description": "JSON when the server says that it is, else a text"},
             "body_base64": {"type": "string", "description": "instead of body when it is no text"}}}
          """);
}
