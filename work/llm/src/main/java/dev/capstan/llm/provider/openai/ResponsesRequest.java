package dev.capstan.llm.provider.openai;

import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Part;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.wire.CallIds;
import dev.capstan.llm.provider.wire.Words;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Writes a call as the responses API wants it: a list of items. */
final class ResponsesRequest {
  private static final int LONGEST_ID = 64;

  private final JsonGenerator out;
  private final Wishes wishes;
  private CallIds ids = CallIds.upTo(LONGEST_ID, List.of());

  ResponsesRequest(JsonGenerator out) {
    this.out = out;
    this.wishes = Wishes.ofResponses(out);
  }

  void write(ProviderCall call) {
    ids = CallIds.upTo(LONGEST_ID, call.messages());
    out.writeStartObject();
    out.writeStringProperty("model", call.model());
    // The vendor keeps answers by default; a tenant's words are not its to keep.
    out.writeBooleanProperty("store", false);
    out.writeArrayPropertyStart("input");
    call.messages().forEach(this::items);
    out.writeEndArray();
    // The API has neither a seed nor stop sequences.
    wishes.sampling(call.sampling(), "max_output_tokens");
    wishes.tools(call);
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
        out.writeStringProperty("call_id", ids.told(result.request()));
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
    out.writeStringProperty("call_id", ids.told(request.id()));
    out.writeStringProperty("name", request.tool());
    out.writeStringProperty("arguments", request.arguments());
    out.writeEndObject();
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
