package dev.capstan.llm.provider.wire;

import dev.capstan.kernel.Json;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.provider.Fault;
import dev.capstan.llm.provider.FaultKind;
import dev.capstan.llm.provider.ModelProvider;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.Reply;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** A vendor's API at one address with one key: the same road for every dialect. */
public final class WireProvider implements ModelProvider {
  private static final int LONGEST_DETAIL = 500;

  /** Without a charset, which JSON has not. */
  private static final ContentType JSON = ContentType.create("application/json");

  /** Of paths that are kept; a vendor has one or two for each model. */
  private static final int MOST_PATHS = 256;

  private final Wire wire;
  private final HttpHost host;
  private final Map<String, URI> addresses = new ConcurrentHashMap<>();
  private final Endpoint endpoint;
  private final Dialect dialect;
  private final Bounds bounds;
  private final TokenGauge gauge;

  /**
   * @param gauge counts what the vendor does not
   */
  public WireProvider(
      Wire wire, Endpoint endpoint, Dialect dialect, Bounds bounds, TokenGauge gauge) {
    this.wire = wire;
    this.endpoint = endpoint;
    this.host = endpoint.host();
    this.dialect = dialect;
    this.bounds = bounds;
    this.gauge = gauge;
  }

  /** With the usual bounds, and tokens counted by bytes. */
  public WireProvider(Wire wire, Endpoint endpoint, Dialect dialect) {
    this(wire, endpoint, dialect, Bounds.DEFAULT, TokenGauge.BYTES);
  }

  @Override
  public String name() {
    return endpoint.name();
  }

  @Override
  public String dialect() {
    return dialect.name();
  }

  @Override
  public Reply call(ProviderCall call, DeltaSink sink) throws InterruptedException {
    ByteArrayOutputStream body = new ByteArrayOutputStream(1024);
    try (JsonGenerator out = Json.mapper().createGenerator(body)) {
      dialect.write(call, out);
    }
    Draft draft = new Draft(dialect.name(), call.model(), call.stream() ? sink : DeltaSink.NOBODY);
    Draft.Count count = new Draft.Count(gauge, body.size(), call.sampling().maxOutputTokens());
    try {
      converse(call, body.toByteArray(), draft);
      return new Reply.Answered(clean(draft.answer(count)));
    } catch (WireFault fault) {
      return new Reply.Faulted(told(fault, draft, count));
    } catch (Draft.Abandoned left) {
      WireFault fault =
          WireFault.refused(
              FaultKind.CONNECTION_BROKEN, 0, "caller_left", "the caller wants no more");
      return new Reply.Faulted(told(fault, draft, count));
    }
  }

  private void converse(ProviderCall call, byte[] body, Draft draft)
      throws WireFault, InterruptedException {
    try (ByteFeed feed = wire.send(host, request(call, body), call.timeout(), call.idleTimeout())) {
      ReplyHeaders headers = new ReplyHeaders(feed.head(), wire.clock());
      if (feed.status() < 200 || feed.status() > 299) {
        throw dialect.fault(feed.status(), refusal(feed), headers);
      }
      Dialect.Listener listener = dialect.listen(call, draft);
      if (isEventStream(headers)) {
        if (!call.stream()) {
          throw WireFault.malformed("a stream came where none was asked for");
        }
        stream(listener, new SseReader(feed, bounds));
      } else {
        listener.whole(whole(feed, headers));
      }
      feed.drain();
    }
  }

  private HttpPost request(ProviderCall call, byte[] body) {
    HttpPost request = new HttpPost(address(dialect.path(call)));
    request.setHeader("Accept", call.stream() ? "text/event-stream" : "application/json");
    endpoint.headers().forEach(request::setHeader);
    if (!endpoint.key().isEmpty()) {
      dialect.headers(endpoint.key()).forEach(request::setHeader);
    }
    request.setEntity(new ByteArrayEntity(body, JSON));
    return request;
  }

  private URI address(String path) {
    if (addresses.size() > MOST_PATHS) {
      addresses.clear();
    }
    return addresses.computeIfAbsent(path, endpoint::at);
  }

  private static boolean isEventStream(ReplyHeaders headers) {
    String type = headers.first("content-type");
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
  }

  private static void stream(Dialect.Listener listener, SseReader events)
      throws WireFault, InterruptedException {
    while (events.next()) {
      if (listener.event(events)) {
        return;
      }
    }
    listener.ended();
  }

  private JsonNode whole(ByteFeed feed, ReplyHeaders headers)
      throws WireFault, InterruptedException {
    byte[] bytes = bytes(feed, bounds.answer(), true);
    JsonNode value = parsed(bytes);
    if (value.isObject()) {
      return value;
    }
    String type = headers.first("content-type");
    throw WireFault.malformed(
        bytes.length == 0
            ? "the answer is empty"
            : "the answer is no JSON object but " + (type == null ? "untyped" : type));
  }

  /** The vendor's error, as far as it sent one. */
  private JsonNode refusal(ByteFeed feed) throws InterruptedException {
    try {
      return parsed(bytes(feed, bounds.refusal(), false));
    } catch (WireFault unreadable) {
      // The status says enough: what broke is only the explanation.
      return MissingNode.getInstance();
    }
  }

  private static JsonNode parsed(byte[] bytes) {
    try {
      JsonNode value = Json.mapper().readTree(bytes);
      return value == null ? MissingNode.getInstance() : value;
    } catch (JacksonException noJson) {
      return MissingNode.getInstance();
    }
  }

  /** All bytes; what is beyond {@code most} is a fault, or is left unread. */
  private static byte[] bytes(ByteFeed feed, int most, boolean mustFit)
      throws WireFault, InterruptedException {
    ByteArrayOutputStream all = new ByteArrayOutputStream(1024);
    for (ByteBuffer next = feed.next(); next != null; next = feed.next()) {
      if (all.size() + next.remaining() > most) {
        if (mustFit) {
          throw WireFault.malformed("the answer is longer than " + most + " bytes");
        }
        return all.toByteArray();
      }
      all.write(next.array(), next.arrayOffset() + next.position(), next.remaining());
    }
    return all.toByteArray();
  }

  private Fault told(WireFault fault, Draft draft, Draft.Count count) {
    Answer partial = draft.hasBegun() ? clean(draft.partial(count)) : null;
    return new Fault(
        fault.kind(),
        fault.status(),
        clean(fault.vendorCode()),
        clean(fault.detail()),
        fault.retryAfter(),
        partial);
  }

  /** What it is called by may be a proxy's words; what the model says is the caller's. */
  private Answer clean(Answer answer) {
    String id = endpoint.key().struckFrom(answer.id());
    String model = endpoint.key().struckFrom(answer.model());
    return new Answer(id, model, answer.message(), answer.finish(), answer.usage());
  }

  /** Without the key, should the vendor have echoed it, and of a length that people read. */
  private String clean(String text) {
    String struck = endpoint.key().struckFrom(text);
    return struck.length() <= LONGEST_DETAIL ? struck : struck.substring(0, LONGEST_DETAIL) + "…";
  }

  /** Names the provider, and never its key. */
  @Override
  public String toString() {
    return endpoint.name() + " (" + dialect.name() + " at " + endpoint.base() + ")";
  }
}
