package dev.capstan.llm.provider.anthropic;

import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Part;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.chat.ToolChoice;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.wire.CallIds;
import dev.capstan.llm.provider.wire.Turns;
import dev.capstan.llm.provider.wire.Words;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a call as Anthropic wants it: instructions apart, turns of user and assistant in turn, all
 * tool results first in the user turn after their requests.
 */
final class MessagesRequest {
  /** The vendor demands a bound; callers without one go through the gateway, which sets it. */
  private static final int OUTPUT_TOKENS_IF_NOBODY_SAID = 4096;

  /** Far more than its own have; what matters to it is their letters. */
  private static final int LONGEST_ID = 128;

  private static final String AS_JSON = "Answer with one JSON object and nothing else.";

  private final JsonGenerator out;
  private final Turns turns;
  private CallIds ids = CallIds.ofWords(LONGEST_ID, List.of());

  MessagesRequest(JsonGenerator out) {
    this.out = out;
    this.turns = new Turns(out, "content");
  }

  void write(ProviderCall call) {
    ids = CallIds.ofWords(LONGEST_ID, call.messages());
    out.writeStartObject();
    out.writeStringProperty("model", call.model());
    Integer most = call.sampling().maxOutputTokens();
    out.writeNumberProperty("max_tokens", most == null ? OUTPUT_TOKENS_IF_NOBODY_SAID : most);
    instructions(call);
    out.writeArrayPropertyStart("messages");
    call.messages().forEach(this::message);
    turns.end();
    out.writeEndArray();
    sampling(call.sampling());
    if (!call.tools().isEmpty()) {
      tools(call);
    }
    if (call.format() instanceof AnswerFormat.BySchema(var name, var schema, var strict)) {
      out.writeObjectPropertyStart("output_config");
      out.writeObjectPropertyStart("format");
      out.writeStringProperty("type", "json_schema");
      out.writeName("schema");
      out.writeTree(schema);
      out.writeEndObject();
      out.writeEndObject();
    }
    if (call.stream()) {
      out.writeBooleanProperty("stream", true);
    }
    out.writeEndObject();
  }

  private void instructions(ProviderCall call) {
    StringBuilder all = new StringBuilder();
    for (Message message : call.messages()) {
      if (message instanceof Message.Instructions(var text)) {
        all.append(all.isEmpty() ? "" : "\n\n").append(text);
      }
    }
    if (call.format() instanceof AnswerFormat.JsonObject) {
      all.append(all.isEmpty() ? "" : "\n\n").append(AS_JSON);
    }
    if (!all.isEmpty()) {
      out.writeStringProperty("system", all.toString());
    }
  }

  private void message(Message message) {
    switch (message) {
      case Message.Instructions(var text) -> {}
      case Message.User(var parts) -> {
        turns.of("user");
        parts.forEach(this::part);
      }
      case Message.Assistant said -> {
        turns.of("assistant");
        assistant(said);
      }
      case Message.ToolResult result -> {
        turns.of("user");
        result(result);
      }
    }
  }

  private void part(Part part) {
    switch (part) {
      case Part.Text(var words) -> text(words);
      case Part.Image(var mediaType, var base64) -> {
        out.writeStartObject();
        out.writeStringProperty("type", "image");
        out.writeObjectPropertyStart("source");
        out.writeStringProperty("type", "base64");
        out.writeStringProperty("media_type", mediaType);
        out.writeStringProperty("data", base64);
        out.writeEndObject();
        out.writeEndObject();
      }
    }
  }

  /** The vendor refuses empty texts. */
  private void text(String words) {
    if (words.isEmpty()) {
      return;
    }
    out.writeStartObject();
    out.writeStringProperty("type", "text");
    out.writeStringProperty("text", words);
    out.writeEndObject();
  }

  private void assistant(Message.Assistant said) {
    Message.Keepsake kept = said.keepsake();
    if (kept != null && kept.dialect().equals(MessagesDialect.NAME)) {
      kept(kept.content(), said.toolRequests());
      return;
    }
    text(said.text());
    for (ToolRequest request : said.toolRequests()) {
      out.writeStartObject();
      out.writeStringProperty("type", "tool_use");
      out.writeStringProperty("id", ids.told(request.id()));
      out.writeStringProperty("name", request.tool());
      out.writeName("input");
      out.writeTree(Words.object(request.arguments()));
      out.writeEndObject();
    }
  }

  /** As the vendor said it, but its calls have the ids that their results are told by. */
  private void kept(JsonNode content, List<ToolRequest> requests) {
    int calls = 0;
    for (JsonNode block : content) {
      boolean isCall = block.path("type").asString("").equals("tool_use");
      if (isCall && calls < requests.size() && block instanceof ObjectNode call) {
        out.writeTree(call.deepCopy().put("id", ids.told(requests.get(calls).id())));
        calls++;
      } else {
        out.writeTree(block);
      }
    }
  }

  private void result(Message.ToolResult result) {
    out.writeStartObject();
    out.writeStringProperty("type", "tool_result");
    out.writeStringProperty("tool_use_id", ids.told(result.request()));
    out.writeStringProperty("content", result.content());
    if (result.failed()) {
      out.writeBooleanProperty("is_error", true);
    }
    out.writeEndObject();
  }

  /** The API has no seed, and its temperature ends at 1. */
  private void sampling(Sampling sampling) {
    if (sampling.temperature() != null) {
      out.writeNumberProperty("temperature", Math.min(1.0, sampling.temperature()));
    }
    if (sampling.topP() != null) {
      out.writeNumberProperty("top_p", sampling.topP());
    }
    List<String> stop = sampling.stop();
    if (!stop.isEmpty()) {
      out.writeArrayPropertyStart("stop_sequences");
      stop.forEach(out::writeString);
      out.writeEndArray();
    }
  }

  private void tools(ProviderCall call) {
    out.writeArrayPropertyStart("tools");
    for (ToolOffer offer : call.tools()) {
      out.writeStartObject();
      out.writeStringProperty("name", offer.name());
      if (!offer.description().isEmpty()) {
        out.writeStringProperty("description", offer.description());
      }
      out.writeName("input_schema");
      out.writeTree(offer.inputSchema());
      out.writeEndObject();
    }
    out.writeEndArray();
    Sampling sampling = call.sampling();
    ToolChoice choice = sampling.toolChoice();
    if (choice instanceof ToolChoice.Auto && sampling.parallelTools()) {
      return;
    }
    out.writeObjectPropertyStart("tool_choice");
    switch (choice) {
      case ToolChoice.Auto() -> out.writeStringProperty("type", "auto");
      case ToolChoice.None() -> out.writeStringProperty("type", "none");
      case ToolChoice.Required() -> out.writeStringProperty("type", "any");
      case ToolChoice.Named(var tool) -> {
        out.writeStringProperty("type", "tool");
        out.writeStringProperty("name", tool);
      }
    }
    if (!sampling.parallelTools() && !(choice instanceof ToolChoice.None)) {
      out.writeBooleanProperty("disable_parallel_tool_use", true);
    }
    out.writeEndObject();
  }
}
