package dev.capstan.twin;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * A server on loopback that answers as OpenAI, Anthropic and Gemini do, at any path that ends as
 * theirs: {@code /v1/chat/completions}, {@code /v1/responses}, {@code /v1/messages}, {@code
 * /v1beta/models/M:generateContent} and {@code :streamGenerateContent}. What stands before is the
 * {@link Ask#place}. It refuses what they refuse, keeps an exact {@link Bill}, and fails as its
 * {@link Script} says.
 */
public final class VendorTwin implements AutoCloseable {
  /** Marks, inside, a Gemini stream without {@code alt=sse}. */
  static final String AS_ARRAY = ":array";

  private static final int REMEMBERED = 1_000;
  private static final Pattern PATH =
      Pattern.compile(
          "(?:/(?<place>.+?))??/(?:v1|v1beta|v1beta1|v1alpha)/"
              + "(?:(?<path>chat/completions|responses|messages)|models/(?<model>[^:]+):"
              + "(?<verb>generateContent|streamGenerateContent))");

  private final Script script = new Script();
  private final Bill bill = new Bill();
  private final Stage stage = new Stage(bill);
  private final Queue<Ask> asks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger remembered = new AtomicInteger();
  private final AtomicLong ids = new AtomicLong();
  private final InstantSource clock;
  private final Desk chat;
  private final Desk responses;
  private final Desk messages;
  private final Desk gemini;
  private final Door door;

  private VendorTwin(int port, InstantSource clock) {
    this.clock = clock;
    this.chat = new ChatDesk(clock);
    this.responses = new ResponsesDesk(clock);
    this.messages = new MessagesDesk(clock);
    this.gemini = new GeminiDesk(clock);
    this.door = new Door(port, this::answer);
  }

  /** Listens on a free port. */
  public static VendorTwin start() {
    return start(0);
  }

  /** Listens on this port; 0 takes a free one. */
  public static VendorTwin start(int port) {
    return new VendorTwin(port, InstantSource.system());
  }

  /** Such as {@code http://127.0.0.1:4711}, without a slash at its end. */
  public String url() {
    return "http://127.0.0.1:" + door.port();
  }

  /** Its address as another vendor's, with a script and a bill of its own by {@link Ask#place}. */
  public String url(String place) {
    return url() + "/" + place;
  }

  public Script script() {
    return script;
  }

  public Bill bill() {
    return bill;
  }

  /** The last requests that were well-formed, oldest first; a thousand at most. */
  public List<Ask> asks() {
    return List.copyOf(asks);
  }

  @Override
  public void close() {
    door.close();
  }

  private void answer(HttpAsk http, Line line) throws IOException {
    bill.received();
    Matcher path = PATH.matcher(http.path());
    if (!path.matches() || !http.method().equals("POST")) {
      line.whole(404, Map.of(), "text/plain", "no such path".getBytes(StandardCharsets.UTF_8));
      return;
    }
    Api api = api(path);
    Desk desk = desk(api);
    Ask ask = ask(api, path, http);
    Desk.Refused refused = desk.check(ask, http);
    if (refused != null) {
      stage.refuse(refused, line);
      return;
    }
    remember(ask);
    Turn turn =
        Turn.of(ask, script.sceneFor(ask), ids.incrementAndGet(), clock.instant().getEpochSecond());
    stage.play(turn, desk, line);
  }

  private void remember(Ask ask) {
    asks.add(ask);
    if (remembered.incrementAndGet() > REMEMBERED) {
      asks.poll();
    }
  }

  private Desk desk(Api api) {
    return switch (api) {
      case OPENAI_CHAT -> chat;
      case OPENAI_RESPONSES -> responses;
      case ANTHROPIC -> messages;
      case GEMINI -> gemini;
    };
  }

  private static Api api(Matcher path) {
    String named = path.group("path");
    if (named == null) {
      return Api.GEMINI;
    }
    return switch (named) {
      case "chat/completions" -> Api.OPENAI_CHAT;
      case "responses" -> Api.OPENAI_RESPONSES;
      default -> Api.ANTHROPIC;
    };
  }

  private static Ask ask(Api api, Matcher path, HttpAsk http) {
    JsonNode body = parsed(http.body());
    Map<String, String> headers = new HashMap<>(http.headers());
    boolean stream = body.path("stream").asBoolean(false);
    String model = body.path("model").asString("");
    if (api == Api.GEMINI) {
      stream = path.group("verb").startsWith("stream");
      model = URLDecoder.decode(path.group("model"), StandardCharsets.UTF_8);
      if (stream && !http.query().contains("alt=sse")) {
        headers.put(AS_ARRAY, "");
      }
    }
    String place = path.group("place");
    return new Ask(
        api,
        place == null ? "" : place,
        key(api, http),
        model,
        stream,
        maxTokens(api, body),
        Map.copyOf(headers),
        body,
        http.bytes());
  }

  /** What was sent; a missing node when it is no JSON. */
  private static JsonNode parsed(String body) {
    try {
      return Json.parse(body);
    } catch (Refusal noJson) {
      return MissingNode.getInstance();
    }
  }

  private static String key(Api api, HttpAsk http) {
    return switch (api) {
      case ANTHROPIC -> http.header("x-api-key");
      case GEMINI -> http.header("x-goog-api-key");
      default -> http.header("authorization").replaceFirst("^(?i)bearer ", "");
    };
  }

  private static @Nullable Integer maxTokens(Api api, JsonNode body) {
    JsonNode bound =
        switch (api) {
          case OPENAI_CHAT ->
              body.has("max_completion_tokens")
                  ? body.path("max_completion_tokens")
                  : body.path("max_tokens");
          case OPENAI_RESPONSES -> body.path("max_output_tokens");
          case ANTHROPIC -> body.path("max_tokens");
          case GEMINI -> body.path("generationConfig").path("maxOutputTokens");
        };
    return bound.isInt() ? bound.intValue() : null;
  }
}
