package dev.capstan.llm.provider.openai;

import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Part;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.chat.ToolChoice;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.wire.Words;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Writes a call as the responses API wants it: a list of items. */
final class ResponsesRequest {
  private final JsonGenerator out;

  ResponsesRequest(JsonGenerator out) {
    this.out = out;
  }

  void write(ProviderCall call) {
    out.writeStartObject();
    out.writeStringProperty("model", call.model());
    // The vendor keeps answers by default; a tenant's words are not its to keep.
    out.writeBooleanProperty("store", false);
    out.writeArrayPropertyStart("input");
    call.messages().forEach(this::items);
    out.writeEndArray();
    sampling(call.sampling());
    if (!call.tools().isEmpty()) {
      tools(call);
    }
    format(call.format());
    if (call.stream()) {
      out.writeBooleanProperty("stream", true);
      out.writeObjectPropertyStart("stream_options");
      out.writeBooleanProperty("include_obfuscation", false);
      out.writeEndObject();
    }
    out.writeEndObject();
  }

  private void items(Message message) {
    switch (message) {
      case Message.Instructions(var text) -> said("system", text);
      case Message.User(var parts) -> user(parts);
      case Message.Assistant(var text, var requests, var keepsake) -> {
        if (!text.isEmpty() || requests.isEmpty()) {
          said("assistant", text);
        }
        requests.forEach(this::call);
      }
      case Message.ToolResult result -> {
        out.writeStartObject();
        out.writeStringProperty("type", "function_call_output");
        out.writeStringProperty("call_id", result.request());
        out.writeStringProperty("output", result.content());
        out.writeEndObject();
      }
    }
  }

  private void said(String role, String text) {
    out.writeStartObject();
    out.writeStringProperty("type", "message");
    out.writeStringProperty("role", role);
    out.writeStringProperty("content", text);
    out.writeEndObject();
  }

  private void user(List<Part> parts) {
    String text = Words.onlyText(parts);
    if (text != null) {
      said("user", text);
      return;
    }
    out.writeStartObject();
    out.writeStringProperty("type", "message");
    out.writeStringProperty("role", "user");
    out.writeArrayPropertyStart("content");
    for (Part part : parts) {
      out.writeStartObject();
      switch (part) {
        case Part.Text(var words) -> {
          out.writeStringProperty("type", "input_text");
          out.writeStringProperty("text", words);
        }
        case Part.Image(var mediaType, var base64) -> {
          out.writeStringProperty("type", "input_image");
          out.writeStringProperty("image_url", "data:" + mediaType + ";base64," + base64);
        }
      }
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private void call(ToolRequest request) {
    out.writeStartObject();
    out.writeStringProperty("type", "function_call");
    out.writeStringProperty("call_id", request.id());
    out.writeStringProperty("name", request.tool());
    out.writeStringProperty("arguments", request.arguments());
    out.writeEndObject();
  }

  /** The API has neither a seed nor stop sequences. */
  private void sampling(Sampling sampling) {
    if (sampling.maxOutputTokens() != null) {
      out.writeNumberProperty("max_output_tokens", sampling.maxOutputTokens());
    }
    if (sampling.temperature() != null) {
      out.writeNumberProperty("temperature", sampling.temperature());
    }
    if (sampling.topP() != null) {
      out.writeNumberProperty("top_p", sampling.topP());
    }
  }

  private void tools(ProviderCall call) {
    out.writeArrayPropertyStart("tools");
    for (ToolOffer offer : call.tools()) {
      out.writeStartObject();
      out.writeStringProperty("type", "function");
      out.writeStringProperty("name", offer.name());
      if (!offer.description().isEmpty()) {
        out.writeStringProperty("description", offer.description());
      }
      out.writeBooleanProperty("strict", false);
      out.writeName("parameters");
      out.writeTree(offer.inputSchema());
      out.writeEndObject();
    }
    out.writeEndArray();
    switch (call.sampling().toolChoice()) {
      case ToolChoice.Auto() -> {}
      case ToolChoice.None() -> out.writeStringProperty("tool_choice", "none");
      case ToolChoice.Required() -> out.writeStringProperty("tool_choice", "required");
      case ToolChoice.Named(var tool) -> {
        out.writeObjectPropertyStart("tool_choice");
        out.writeStringProperty("type", "function");
        out.writeStringProperty("name", tool);
        out.writeEndObject();
      }
    }
    if (!call.sampling().parallelTools()) {
      out.writeBooleanProperty("parallel_tool_calls", false);
    }
  }

  private void format(AnswerFormat format) {
    if (format instanceof AnswerFormat.FreeText) {
      return;
    }
    out.writeObjectPropertyStart("text");
    out.writeObjectPropertyStart("format");
    switch (format) {
      case AnswerFormat.BySchema(var name, var schema, var strict) -> {
        out.writeStringProperty("type", "json_schema");
        out.writeStringProperty("name", name);
        out.writeBooleanProperty("strict", strict);
        out.writeName("schema");
        out.writeTree(schema);
      }
      default -> out.writeStringProperty("type", "json_object");
    }
    out.writeEndObject();
    out.writeEndObject();
  }
}
