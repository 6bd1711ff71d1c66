package dev.capstan.twin;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Anthropic's messages. */
final class MessagesDesk implements Desk {
  private final AnthropicDenials denials;

  MessagesDesk(InstantSource clock) {
    this.denials = new AnthropicDenials(clock);
  }

  @Override
  public @Nullable Refused check(Ask ask, HttpAsk http) {
    if (ask.key().isEmpty()) {
      return AnthropicDenials.wrongKey();
    }
    if (http.header("anthropic-version").isEmpty()) {
      return AnthropicDenials.mistake("anthropic-version: header is required");
    }
    if (!ask.body().isObject()) {
      return AnthropicDenials.mistake("The request body is not valid JSON");
    }
    Checks checks = MessagesCheck.of(ask.body());
    return checks.passed() ? null : AnthropicDenials.mistake(checks.first());
  }

  @Override
  public String whole(Turn turn) {
    ObjectNode message = head(turn);
    ArrayNode content = (ArrayNode) message.path("content");
    if (!turn.scene().thinking().isEmpty()) {
      content
          .addObject()
          .put("type", "thinking")
          .put("thinking", turn.scene().thinking())
          .put("signature", signature(turn));
    }
    if (!turn.text().isEmpty()) {
      ObjectNode text = content.addObject().put("type", "text").put("text", turn.text());
      text.putNull("citations");
    }
    for (int i = 0; i < turn.wishes().size(); i++) {
      ObjectNode use = use(turn, i);
      use.set("input", input(turn.wishes().get(i).arguments()));
      content.add(use);
    }
    message.put("stop_reason", stopReason(turn));
    if (turn.reportsUsage()) {
      message.set("usage", usage(turn, turn.output()));
    } else {
      message.remove("usage");
    }
    return message.toString();
  }

  private static String signature(Turn turn) {
    return "sig" + Integer.toHexString(turn.scene().thinking().hashCode());
  }

  /**
   * The vendor sends arguments as an object; a scene whose arguments are none gives an empty one.
   */
  private static JsonNode input(String arguments) {
    try {
      JsonNode parsed = Json.parse(arguments);
      return parsed.isObject() ? parsed : Json.object();
    } catch (Refusal noJson) {
      return Json.object();
    }
  }

  private static ObjectNode head(Turn turn) {
    ObjectNode message =
        Json.object()
            .put("id", turn.name("msg_", 0))
            .put("type", "message")
            .put("role", "assistant")
            .put("model", turn.ask().model());
    message.putArray("content");
    message.putNull("stop_reason");
    message.putNull("stop_sequence");
    message.set("usage", usage(turn, Math.min(1, turn.output())));
    return message;
  }

  private static ObjectNode use(Turn turn, int i) {
    ObjectNode use =
        Json.object()
            .put("type", "tool_use")
            .put("id", turn.name("toolu_", i + 1))
            .put("name", turn.wishes().get(i).tool());
    use.putObject("input");
    return use;
  }

  private static ObjectNode usage(Turn turn, int output) {
    Scene.Count count = turn.scene().count();
    return Json.object()
        .put("input_tokens", Math.max(0, turn.input() - count.cached() - count.written()))
        .put("cache_creation_input_tokens", count.written())
        .put("cache_read_input_tokens", count.cached())
        .put("output_tokens", output)
        .put("service_tier", "standard");
  }

  private static String stopReason(Turn turn) {
    return switch (turn.finish()) {
      case STOP -> "end_turn";
      case LENGTH -> "max_tokens";
      case TOOLS -> "tool_use";
      case FILTERED -> "refusal";
    };
  }

  @Override
  public void stream(Turn turn, Telling telling) throws IOException {
    ObjectNode start = event("message_start");
    ObjectNode head = head(turn);
    if (!turn.reportsUsage()) {
      head.remove("usage");
    }
    start.set("message", head);
    tell(telling, start);
    tell(telling, event("ping"));
    int index = 0;
    if (!turn.scene().thinking().isEmpty()) {
      streamThinking(turn, telling, index++);
    }
    if (!turn.text().isEmpty()) {
      begin(telling, index, Json.object().put("type", "text").put("text", ""));
      for (String piece : turn.pieces(turn.text())) {
        ObjectNode delta = Json.object().put("type", "text_delta").put("text", piece);
        telling.piece("content_block_delta", delta(index, delta), Tokens.of(piece));
      }
      end(telling, index++);
    }
    for (int i = 0; i < turn.wishes().size(); i++) {
      begin(telling, index, use(turn, i));
      for (String piece : turn.pieces(turn.wishes().get(i).arguments())) {
        ObjectNode delta = Json.object().put("type", "input_json_delta").put("partial_json", piece);
        telling.piece("content_block_delta", delta(index, delta), Tokens.of(piece));
      }
      end(telling, index++);
    }
    ObjectNode over = event("message_delta");
    over.putObject("delta").put("stop_reason", stopReason(turn)).putNull("stop_sequence");
    over.set("usage", turn.reportsUsage() ? usage(turn, turn.output()) : Json.object());
    if (!turn.reportsUsage()) {
      over.remove("usage");
    }
    telling.last("message_delta", over.toString());
    telling.last("message_stop", event("message_stop").toString());
  }

  private static void streamThinking(Turn turn, Telling telling, int index) throws IOException {
    begin(
        telling,
        index,
        Json.object().put("type", "thinking").put("thinking", "").put("signature", ""));
    for (String piece : turn.pieces(turn.scene().thinking())) {
      ObjectNode delta = Json.object().put("type", "thinking_delta").put("thinking", piece);
      telling.event("content_block_delta", delta(index, delta));
    }
    ObjectNode signed =
        Json.object().put("type", "signature_delta").put("signature", signature(turn));
    telling.event("content_block_delta", delta(index, signed));
    end(telling, index);
  }

  private static void begin(Telling telling, int index, ObjectNode block) throws IOException {
    ObjectNode begun = event("content_block_start").put("index", index);
    begun.set("content_block", block);
    tell(telling, begun);
  }

  private static void end(Telling telling, int index) throws IOException {
    tell(telling, event("content_block_stop").put("index", index));
  }

  private static String delta(int index, ObjectNode delta) {
    ObjectNode event = event("content_block_delta").put("index", index);
    event.set("delta", delta);
    return event.toString();
  }

  private static ObjectNode event(String type) {
    return Json.object().put("type", type);
  }

  private static void tell(Telling telling, ObjectNode event) throws IOException {
    telling.event(event.path("type").asString(""), event.toString());
  }

  @Override
  public Event errorEvent(Turn turn) {
    return new Event(
        "error", AnthropicDenials.bodyNode("overloaded_error", "Overloaded").toString());
  }

  @Override
  public Refused deny(Denial denial, Ask ask, Mishap.@Nullable Retry retry) {
    return denials.deny(denial, ask, retry);
  }

  @Override
  public Map<String, String> headers(Turn turn) {
    return Map.of(
        "request-id", turn.name("req_", 0),
        "anthropic-ratelimit-requests-limit", "50",
        "anthropic-ratelimit-requests-remaining", "49");
  }
}
