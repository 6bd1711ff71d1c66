package dev.capstan.llm.provider.anthropic;

import static dev.capstan.llm.provider.wire.Words.count;
import static dev.capstan.llm.provider.wire.Words.text;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.provider.wire.Dialect;
import dev.capstan.llm.provider.wire.Draft;
import dev.capstan.llm.provider.wire.ReplyHeaders;
import dev.capstan.llm.provider.wire.SseReader;
import dev.capstan.llm.provider.wire.WireFault;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads a message, whole or block by block. Thoughts are kept, for the vendor wants them back. */
final class MessagesListener implements Dialect.Listener {
  private final Draft draft;
  private final Map<Integer, Block> blocks = new TreeMap<>();
  private boolean thought;

  /** A block in the making. */
  private static final class Block {
    final ObjectNode content;
    final StringBuilder words = new StringBuilder();
    final StringBuilder signature = new StringBuilder();
    final int wish;

    Block(ObjectNode content, int wish) {
      this.content = content;
      this.wish = wish;
    }
  }

  MessagesListener(Draft draft) {
    this.draft = draft;
  }

  @Override
  public void whole(JsonNode body) throws WireFault {
    refuseErrors(body);
    JsonNode content = body.path("content");
    if (!content.isArray()) {
      throw WireFault.malformed("the message has no content");
    }
    draft.named(text(body, "id"), text(body, "model"));
    for (JsonNode block : content) {
      switch (text(block, "type")) {
        case "text" -> draft.say(text(block, "text"));
        case "tool_use" -> {
          int place = draft.wish(text(block, "id"), text(block, "name"));
          draft.arguments(place, block.path("input").toString());
        }
        case "thinking", "redacted_thinking" -> thought = true;
        default -> {}
      }
    }
    if (thought) {
      draft.keep(content);
    }
    stop(text(body, "stop_reason"));
    usage(body.path("usage"), true);
  }

  @Override
  public boolean event(SseReader reader) throws WireFault {
    JsonNode event = reader.json();
    refuseErrors(event);
    switch (text(event, "type")) {
      case "message_start" -> {
        JsonNode message = event.path("message");
        draft.named(text(message, "id"), text(message, "model"));
        usage(message.path("usage"), false);
      }
      case "content_block_start" -> begin(event);
      case "content_block_delta" -> more(event);
      case "message_delta" -> {
        stop(text(event.path("delta"), "stop_reason"));
        usage(event.path("usage"), true);
      }
      case "message_stop" -> {
        end();
        return true;
      }
      case "" -> throw WireFault.malformed("an event has no type");
      default -> {}
    }
    return false;
  }

  private static void refuseErrors(JsonNode body) throws WireFault {
    if (text(body, "type").equals("error") || body.path("error").isObject()) {
      throw AnthropicFaults.of(0, body, ReplyHeaders.NONE);
    }
  }

  private void begin(JsonNode event) throws WireFault {
    if (!(event.path("content_block") instanceof ObjectNode content)) {
      throw WireFault.malformed("a block begins without content");
    }
    int wish = -1;
    switch (text(content, "type")) {
      case "tool_use" -> wish = draft.wish(text(content, "id"), text(content, "name"));
      case "thinking", "redacted_thinking" -> {
        thought = true;
        draft.think();
      }
      default -> draft.say(text(content, "text"));
    }
    blocks.put(event.path("index").asInt(0), new Block(content, wish));
  }

  private void more(JsonNode event) throws WireFault {
    Block block = blocks.get(event.path("index").asInt(0));
    if (block == null) {
      throw WireFault.malformed("a piece came for a block that had not begun");
    }
    JsonNode delta = event.path("delta");
    switch (text(delta, "type")) {
      case "text_delta" -> {
        block.words.append(text(delta, "text"));
        draft.say(text(delta, "text"));
      }
      case "input_json_delta" -> {
        block.words.append(text(delta, "partial_json"));
        if (block.wish >= 0) {
          draft.arguments(block.wish, text(delta, "partial_json"));
        }
      }
      case "thinking_delta" -> block.words.append(text(delta, "thinking"));
      case "signature_delta" -> block.signature.append(text(delta, "signature"));
      default -> {}
    }
  }

  private void end() throws WireFault {
    if (!draft.isFinished()) {
      throw WireFault.malformed("the message stops without a reason");
    }
    if (thought) {
      ArrayNode content = JsonNodeFactory.instance.arrayNode();
      for (Block block : blocks.values()) {
        ObjectNode kept = whole(block);
        if (kept != null) {
          content.add(kept);
        }
      }
      draft.keep(content);
    }
  }

  /** The block as it stood in a message that came whole; null for one that may not be sent back. */
  private static @Nullable ObjectNode whole(Block block) {
    ObjectNode content = block.content.deepCopy();
    String words = block.words.toString();
    switch (text(content, "type")) {
      case "text" -> {
        String all = text(content, "text") + words;
        if (all.isEmpty()) {
          return null;
        }
        content.put("text", all);
      }
      case "thinking" -> {
        content.put("thinking", text(content, "thinking") + words);
        content.put("signature", text(content, "signature") + block.signature);
      }
      case "tool_use" -> content.set("input", object(words));
      default -> {}
    }
    return content;
  }

  private static JsonNode object(String words) {
    try {
      return words.isEmpty() ? Json.object() : Json.parse(words);
    } catch (Refusal noJson) {
      return Json.object();
    }
  }

  private void stop(String reason) {
    switch (reason) {
      case "" -> {}
      case "max_tokens", "model_context_window_exceeded" -> draft.finish(FinishReason.LENGTH);
      case "tool_use" -> draft.finish(FinishReason.TOOL_CALLS);
      case "refusal" -> draft.finish(FinishReason.CONTENT_FILTER);
      default -> draft.finish(FinishReason.STOP);
    }
  }

  /** Anthropic counts cached tokens beside the input; everybody else within. */
  private void usage(JsonNode usage, boolean complete) {
    if (!usage.path("output_tokens").isNumber()) {
      return;
    }
    Usage before = draft.usage();
    long read = count(usage, "cache_read_input_tokens");
    long written = count(usage, "cache_creation_input_tokens");
    long input = count(usage, "input_tokens") + read + written;
    if (before != null && input == 0) {
      // The last count of a stream may leave out what the first had said.
      input = before.inputTokens();
      read = before.cachedInputTokens();
      written = before.cacheWriteTokens();
    }
    long thoughts = count(usage.path("output_tokens_details"), "thinking_tokens");
    draft.counted(
        new Usage(input, read, written, count(usage, "output_tokens"), thoughts, true),
        complete && input > 0);
  }
}
