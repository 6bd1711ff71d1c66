package dev.capstan.llm.provider.gemini;

import static dev.capstan.llm.provider.wire.Words.count;
import static dev.capstan.llm.provider.wire.Words.text;

import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.provider.FaultKind;
import dev.capstan.llm.provider.wire.Dialect;
import dev.capstan.llm.provider.wire.Draft;
import dev.capstan.llm.provider.wire.ReplyHeaders;
import dev.capstan.llm.provider.wire.SseReader;
import dev.capstan.llm.provider.wire.WireFault;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Reads generated content; a stream is a row of answers whose parts add up, and it has no last word
 * but the finish reason. Signed thoughts are kept, for the vendor wants them back.
 */
final class GeminiListener implements Dialect.Listener {
  private final Draft draft;
  private final ArrayNode parts = JsonNodeFactory.instance.arrayNode();
  private boolean signed;

  GeminiListener(Draft draft) {
    this.draft = draft;
  }

  @Override
  public void whole(JsonNode body) throws WireFault {
    chunk(body);
    if (!draft.isFinished()) {
      throw WireFault.malformed("the answer has no candidate that is finished");
    }
  }

  @Override
  public boolean event(SseReader event) throws WireFault {
    chunk(event.json());
    // What was counted may come with the finish or after it: the stream's end is the end.
    return false;
  }

  @Override
  public void ended() throws WireFault {
    if (!draft.isFinished()) {
      Dialect.Listener.super.ended();
    }
  }

  private void chunk(JsonNode body) throws WireFault {
    if (body.path("error").isObject()) {
      throw GeminiFaults.of(0, body, ReplyHeaders.NONE);
    }
    String blocked = text(body.path("promptFeedback"), "blockReason");
    if (!blocked.isEmpty()) {
      throw WireFault.refused(
          FaultKind.CONTENT_REFUSED, 200, blocked, "the vendor refused the prompt: " + blocked);
    }
    if (!body.has("candidates") && !body.has("usageMetadata")) {
      throw WireFault.malformed("the answer has no candidates");
    }
    draft.named(text(body, "responseId"), text(body, "modelVersion"));
    JsonNode candidate = body.path("candidates").path(0);
    for (JsonNode part : candidate.path("content").path("parts")) {
      part(part);
    }
    usage(body.path("usageMetadata"));
    finish(text(candidate, "finishReason"));
  }

  private void part(JsonNode part) {
    signed |= part.has("thoughtSignature");
    if (part.path("thought").asBoolean(false)) {
      draft.think();
      return;
    }
    JsonNode call = part.path("functionCall");
    if (call.isObject()) {
      String given = text(call, "id");
      String id = given.isEmpty() ? "call_" + draft.id() + "_" + draft.wishes() : given;
      int place = draft.wish(id, text(call, "name"), text(part, "thoughtSignature"));
      JsonNode args = call.path("args");
      draft.arguments(place, args.isObject() ? args.toString() : "{}");
    }
    draft.say(text(part, "text"));
    if (call.isObject() || part.has("thoughtSignature") || !text(part, "text").isEmpty()) {
      parts.add(part);
    }
  }

  private void finish(String reason) throws WireFault {
    switch (reason) {
      case "" -> {
        return;
      }
      case "STOP" -> draft.finish(FinishReason.STOP);
      case "MAX_TOKENS" -> draft.finish(FinishReason.LENGTH);
      case "SAFETY",
          "RECITATION",
          "LANGUAGE",
          "BLOCKLIST",
          "PROHIBITED_CONTENT",
          "SPII",
          "IMAGE_SAFETY",
          "IMAGE_PROHIBITED_CONTENT" ->
          draft.finish(FinishReason.CONTENT_FILTER);
      case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS" ->
          throw WireFault.refused(
              FaultKind.MALFORMED, 200, reason, "the model's tool request is not valid");
      default -> draft.finish(FinishReason.STOP);
    }
    if (signed) {
      draft.keep(parts);
    }
  }

  /** Thoughts are counted beside the candidates' tokens, and billed with them. */
  private void usage(JsonNode usage) {
    if (!usage.path("promptTokenCount").isNumber()) {
      return;
    }
    long thoughts = count(usage, "thoughtsTokenCount");
    long input = count(usage, "promptTokenCount") + count(usage, "toolUsePromptTokenCount");
    draft.counted(
        new Usage(
            input,
            count(usage, "cachedContentTokenCount"),
            0,
            count(usage, "candidatesTokenCount") + thoughts,
            thoughts,
            true),
        true);
  }
}
