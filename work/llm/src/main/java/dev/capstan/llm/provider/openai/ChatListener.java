package dev.capstan.llm.provider.openai;

import static dev.capstan.llm.provider.wire.Words.count;
import static dev.capstan.llm.provider.wire.Words.text;

import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.provider.wire.Dialect;
import dev.capstan.llm.provider.wire.Draft;
import dev.capstan.llm.provider.wire.ReplyHeaders;
import dev.capstan.llm.provider.wire.SseReader;
import dev.capstan.llm.provider.wire.WireFault;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Reads chat completions, whole or in chunks. */
final class ChatListener implements Dialect.Listener {
  private final Draft draft;
  private final Thoughts thoughts;
  private final Map<Integer, Integer> places = new HashMap<>();

  /**
   * @param model as it is asked
   */
  ChatListener(String model, Draft draft) {
    this.draft = draft;
    this.thoughts = new Thoughts(model, draft);
  }

  @Override
  public void whole(JsonNode body) throws WireFault {
    refuseErrors(body);
    JsonNode choice = body.path("choices").path(0);
    JsonNode message = choice.path("message");
    if (!message.isObject()) {
      throw WireFault.malformed("the answer has no choice with a message");
    }
    draft.named(text(body, "id"), text(body, "model"));
    content(message);
    for (JsonNode call : message.path("tool_calls")) {
      int place = draft.wish(idOf(call), text(call.path("function"), "name"));
      draft.arguments(place, text(call.path("function"), "arguments"));
    }
    finish(choice);
    usage(body);
  }

  @Override
  public boolean event(SseReader event) throws WireFault {
    if (event.is("[DONE]")) {
      if (!draft.isFinished()) {
        throw WireFault.malformed("the stream says that it is done before its answer is");
      }
      return true;
    }
    JsonNode chunk = event.json();
    refuseErrors(chunk);
    if (!chunk.path("choices").isArray()) {
      throw WireFault.malformed("a chunk has no choices");
    }
    draft.named(text(chunk, "id"), text(chunk, "model"));
    JsonNode choice = chunk.path("choices").path(0);
    JsonNode delta = choice.path("delta");
    content(delta);
    for (JsonNode call : delta.path("tool_calls")) {
      toolCall(call);
    }
    finish(choice);
    usage(chunk);
    return false;
  }

  private static void refuseErrors(JsonNode body) throws WireFault {
    JsonNode error = body.path("error");
    if (error.isObject() || error.isString()) {
      throw OpenAiFaults.of(0, body, ReplyHeaders.NONE);
    }
  }

  private void content(JsonNode message) {
    thoughts.hear(message);
    JsonNode content = message.path("content");
    if (content.isArray()) {
      content.forEach(this::part);
    } else {
      draft.say(text(message, "content"));
    }
    String refusal = text(message, "refusal");
    if (!refusal.isEmpty()) {
      draft.say(refusal);
      draft.finish(FinishReason.CONTENT_FILTER);
    }
  }

  /** Mistral's models that think answer in parts. */
  private void part(JsonNode part) {
    switch (text(part, "type")) {
      case "text" -> draft.say(text(part, "text"));
      case "thinking" -> part.path("thinking").forEach(one -> draft.thinkAloud(text(one, "text")));
      default -> {}
    }
  }

  /** Pieces of a call belong together by index; its id and name come with the first only. */
  private void toolCall(JsonNode call) {
    JsonNode function = call.path("function");
    JsonNode given = call.path("index");
    int index = given.isInt() ? given.intValue() : draft.wishes();
    Integer place = places.get(index);
    if (place == null) {
      place = draft.wish(idOf(call), text(function, "name"));
      places.put(index, place);
    }
    draft.arguments(place, text(function, "arguments"));
  }

  private String idOf(JsonNode call) {
    String id = text(call, "id");
    return id.isEmpty() ? "call_" + draft.id() + "_" + draft.wishes() : id;
  }

  private void finish(JsonNode choice) throws WireFault {
    String reason = text(choice, "finish_reason");
    if (reason.isEmpty()) {
      return;
    }
    thoughts.keep();
    switch (reason) {
      case "error" -> throw WireFault.malformed("the vendor ended its answer with an error");
      case "length", "model_length" -> draft.finish(FinishReason.LENGTH);
      case "tool_calls", "function_call" -> draft.finish(FinishReason.TOOL_CALLS);
      case "content_filter" -> draft.finish(FinishReason.CONTENT_FILTER);
      default -> {
        if (!draft.isFinished()) {
          draft.finish(FinishReason.STOP);
        }
      }
    }
  }

  private void usage(JsonNode body) {
    JsonNode usage = body.path("usage");
    if (!usage.path("prompt_tokens").isNumber() || !usage.path("completion_tokens").isNumber()) {
      return;
    }
    JsonNode input = usage.path("prompt_tokens_details");
    draft.counted(
        new Usage(
            count(usage, "prompt_tokens"),
            count(input, "cached_tokens"),
            count(input, "cache_write_tokens"),
            count(usage, "completion_tokens"),
            count(usage.path("completion_tokens_details"), "reasoning_tokens"),
            true),
        true);
  }
}
