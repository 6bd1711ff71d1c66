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

/** Reads a response, whole or by its events; of the many kinds of events six matter here. */
final class ResponsesListener implements Dialect.Listener {
  private final Draft draft;
  private final Map<Integer, Integer> calls = new HashMap<>();

  ResponsesListener(Draft draft) {
    this.draft = draft;
  }

  @Override
  public void whole(JsonNode body) throws WireFault {
    if (body.path("error").isObject()) {
      throw failed(body);
    }
    if (!body.path("output").isArray()) {
      throw WireFault.malformed("the response has no output");
    }
    draft.named(text(body, "id"), text(body, "model"));
    for (JsonNode item : body.path("output")) {
      for (JsonNode part : item.path("content")) {
        said(part);
      }
      if (text(item, "type").equals("function_call")) {
        int place = draft.wish(text(item, "call_id"), text(item, "name"));
        draft.arguments(place, text(item, "arguments"));
      }
    }
    end(body);
  }

  private void said(JsonNode part) {
    draft.say(text(part, "text"));
    String refusal = text(part, "refusal");
    if (!refusal.isEmpty()) {
      draft.say(refusal);
      draft.finish(FinishReason.CONTENT_FILTER);
    }
  }

  @Override
  public boolean event(SseReader reader) throws WireFault {
    JsonNode event = reader.json();
    switch (text(event, "type")) {
      case "response.created" -> {
        JsonNode response = event.path("response");
        draft.named(text(response, "id"), text(response, "model"));
      }
      case "response.output_text.delta" -> draft.say(text(event, "delta"));
      case "response.refusal.delta" -> {
        draft.say(text(event, "delta"));
        draft.finish(FinishReason.CONTENT_FILTER);
      }
      case "response.output_item.added" -> begun(event);
      case "response.function_call_arguments.delta" ->
          draft.arguments(place(event), text(event, "delta"));
      case "response.completed", "response.incomplete" -> {
        end(event.path("response"));
        return true;
      }
      case "response.failed" -> throw failed(event.path("response"));
      case "error" -> throw failed(event);
      case "" -> throw WireFault.malformed("an event has no type");
      default -> {}
    }
    return false;
  }

  private void begun(JsonNode event) {
    JsonNode item = event.path("item");
    switch (text(item, "type")) {
      case "function_call" ->
          calls.put(
              event.path("output_index").asInt(-1),
              draft.wish(text(item, "call_id"), text(item, "name")));
      case "reasoning" -> draft.think();
      default -> {}
    }
  }

  private int place(JsonNode event) throws WireFault {
    Integer place = calls.get(event.path("output_index").asInt(-1));
    if (place == null) {
      throw WireFault.malformed("arguments came for a call that had not begun");
    }
    return place;
  }

  private static WireFault failed(JsonNode holder) {
    return OpenAiFaults.of(0, holder, ReplyHeaders.NONE);
  }

  private void end(JsonNode response) throws WireFault {
    String reason = text(response.path("incomplete_details"), "reason");
    switch (text(response, "status")) {
      case "completed" -> {
        if (!draft.isFinished()) {
          draft.finish(FinishReason.STOP);
        }
      }
      case "incomplete" ->
          draft.finish(
              reason.equals("content_filter") ? FinishReason.CONTENT_FILTER : FinishReason.LENGTH);
      case "failed" -> throw failed(response);
      default -> throw WireFault.malformed("the response is not over");
    }
    JsonNode usage = response.path("usage");
    if (usage.path("input_tokens").isNumber() && usage.path("output_tokens").isNumber()) {
      JsonNode input = usage.path("input_tokens_details");
      draft.counted(
          new Usage(
              count(usage, "input_tokens"),
              count(input, "cached_tokens"),
              count(input, "cache_write_tokens"),
              count(usage, "output_tokens"),
              count(usage.path("output_tokens_details"), "reasoning_tokens"),
              true),
          true);
    }
  }
}
