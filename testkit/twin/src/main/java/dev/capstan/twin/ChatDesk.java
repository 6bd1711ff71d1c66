package dev.capstan.twin;

import dev.capstan.kernel.Json;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's chat completions. */
final class ChatDesk implements Desk {
  private final OpenAiDenials denials;

  ChatDesk(InstantSource clock) {
    this.denials = new OpenAiDenials(clock);
  }

  @Override
  public @Nullable Refused check(Ask ask, HttpAsk http) {
    if (ask.key().isEmpty()) {
      return OpenAiDenials.wrongKey(ask);
    }
    if (!ask.body().isObject() || !http.header("content-type").startsWith("application/json")) {
      return OpenAiDenials.mistake("We could not parse the JSON body of your request.");
    }
    return ChatHouse.of(ask).check(ask.body());
  }

  @Override
  public String whole(Turn turn) {
    ObjectNode message = Json.object().put("role", "assistant");
    if (turn.text().isEmpty() && !turn.wishes().isEmpty()) {
      message.putNull("content");
    } else {
      message.put("content", turn.text());
    }
    message.putNull("refusal");
    ChatHouse house = ChatHouse.of(turn.ask());
    if (!turn.scene().thinking().isEmpty()) {
      house.think(message, turn.scene().thinking());
    }
    List<String> ids = house.callIds(turn);
    if (!turn.wishes().isEmpty()) {
      ArrayNode calls = message.putArray("tool_calls");
      for (int i = 0; i < ids.size(); i++) {
        Scene.Wish wish = turn.wishes().get(i);
        ObjectNode call = calls.addObject().put("id", ids.get(i)).put("type", "function");
        call.putObject("function").put("name", wish.tool()).put("arguments", wish.arguments());
      }
    }
    ObjectNode body = head(turn, "chat.completion");
    ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
    choice.set("message", message);
    choice.putNull("logprobs");
    choice.put("finish_reason", finish(turn));
    if (turn.reportsUsage()) {
      body.set("usage", usage(turn));
    }
    return body.put("service_tier", "default").toString();
  }

  private static ObjectNode head(Turn turn, String object) {
    return Json.object()
        .put("id", turn.name("chatcmpl-", 0))
        .put("object", object)
        .put("created", turn.created())
        .put("model", turn.ask().model());
  }

  static ObjectNode usage(Turn turn) {
    ObjectNode usage =
        Json.object()
            .put("prompt_tokens", turn.input())
            .put("completion_tokens", turn.output())
            .put("total_tokens", turn.input() + turn.output());
    ObjectNode input =
        usage
            .putObject("prompt_tokens_details")
            .put("cached_tokens", turn.scene().count().cached());
    if (turn.scene().count().written() > 0) {
      input.put("cache_write_tokens", turn.scene().count().written());
    }
    usage.putObject("completion_tokens_details").put("reasoning_tokens", turn.reasoning());
    return usage;
  }

  private static String finish(Turn turn) {
    return switch (turn.finish()) {
      case STOP -> "stop";
      case LENGTH -> "length";
      case TOOLS -> "tool_calls";
      case FILTERED -> "content_filter";
    };
  }

  @Override
  public void stream(Turn turn, Telling telling) throws IOException {
    String head = head(turn, "chat.completion.chunk").toString();
    String open = head.substring(0, head.length() - 1) + ",\"choices\":[";
    telling.event("", chunk(open, "{\"role\":\"assistant\",\"content\":\"\"}", "null"));
    ChatHouse house = ChatHouse.of(turn.ask());
    for (String piece : turn.pieces(turn.scene().thinking())) {
      ObjectNode delta = Json.object();
      house.think(delta, piece);
      if (!delta.isEmpty()) {
        telling.event("", chunk(open, delta.toString(), "null"));
      }
    }
    for (String piece : turn.pieces(turn.text())) {
      String delta = "{\"content\":" + Json.write(piece) + "}";
      telling.piece("", chunk(open, delta, "null"), Tokens.of(piece));
    }
    List<String> ids = house.callIds(turn);
    for (int i = 0; i < ids.size(); i++) {
      wish(turn, telling, open, i, ids.get(i));
    }
    telling.last("", chunk(open, "{}", "\"" + finish(turn) + "\""));
    boolean wanted =
        house == ChatHouse.MISTRAL
            || turn.ask().body().path("stream_options").path("include_usage").asBoolean(false);
    if (wanted && turn.reportsUsage()) {
      telling.last("", open + "],\"usage\":" + usage(turn) + "}");
    }
    telling.last("", "[DONE]");
  }

  private static void wish(Turn turn, Telling telling, String open, int i, String id)
      throws IOException {
    Scene.Wish wish = turn.wishes().get(i);
    ObjectNode first = Json.object().put("index", i).put("id", id).put("type", "function");
    first.putObject("function").put("name", wish.tool()).put("arguments", "");
    telling.event("", chunk(open, "{\"tool_calls\":[" + first + "]}", "null"));
    for (String piece : turn.pieces(wish.arguments())) {
      ObjectNode more = Json.object().put("index", i);
      more.putObject("function").put("arguments", piece);
      telling.piece("", chunk(open, "{\"tool_calls\":[" + more + "]}", "null"), Tokens.of(piece));
    }
  }

  private static String chunk(String open, String delta, String finish) {
    return open
        + "{\"index\":0,\"delta\":"
        + delta
        + ",\"logprobs\":null,\"finish_reason\":"
        + finish
        + "}],\"obfuscation\":\"aB3\"}";
  }

  @Override
  public Event errorEvent(Turn turn) {
    return new Event(
        "", OpenAiDenials.body("server_error", "server_error", "The server had an error"));
  }

  @Override
  public Refused deny(Denial denial, Ask ask, Mishap.@Nullable Retry retry) {
    return denials.deny(denial, ask, retry);
  }

  @Override
  public Map<String, String> headers(Turn turn) {
    return Map.of(
        "x-request-id", turn.name("req_", 0),
        "openai-processing-ms", "1",
        "x-ratelimit-limit-requests", "10000",
        "x-ratelimit-remaining-requests", "9999",
        "x-ratelimit-reset-requests", "6ms");
  }
}
