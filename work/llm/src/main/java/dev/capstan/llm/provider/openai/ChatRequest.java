package dev.capstan.llm.provider.openai;

import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Part;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.wire.CallIds;
import dev.capstan.llm.provider.wire.Words;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Writes a call as chat completions want it. */
final class ChatRequest {
  private static final int LONGEST_ID = 40;

  private final JsonGenerator out;
  private final Server server;
  private final Wishes wishes;
  private CallIds ids = CallIds.upTo(LONGEST_ID, List.of());
  private String model = "";

  ChatRequest(JsonGenerator out, Server server) {
    this.out = out;
    this.server = server;
    this.wishes = Wishes.ofChat(out);
  }

  void write(ProviderCall call) {
    ids = ids(call);
    model = call.model();
    out.writeStartObject();
    out.writeStringProperty("model", model);
    out.writeArrayPropertyStart("messages");
    call.messages().forEach(this::message);
    out.writeEndArray();
    sampling(call.sampling());
    wishes.tools(call);
    format(call.format());
    if (call.stream()) {
      stream();
    }
    out.writeEndObject();
  }

  private CallIds ids(ProviderCall call) {
    if (server == Server.MISTRAL || Words.mention(call.model(), "stral", "xtral")) {
      // Whoever runs them, Mistral's models are written for ids of this form alone.
      return CallIds.ofNine(call.messages());
    }
    // Compatible servers hide what they like in their ids, and take them.
    int longest = server.resembles() ? Integer.MAX_VALUE : LONGEST_ID;
    return CallIds.upTo(longest, call.messages());
  }

  private void stream() {
    out.writeBooleanProperty("stream", true);
    if (server.isAskedForUsage()) {
      out.writeObjectPropertyStart("stream_options");
      out.writeBooleanProperty("include_usage", true);
      if (server == Server.OPENAI) {
        out.writeBooleanProperty("include_obfuscation", false);
      }
      out.writeEndObject();
    }
  }

  private void message(Message message) {
    out.writeStartObject();
    switch (message) {
      case Message.Instructions(var text) -> {
        out.writeStringProperty("role", "system");
        out.writeStringProperty("content", text);
      }
      case Message.User(var parts) -> {
        out.writeStringProperty("role", "user");
        content(parts);
      }
      case Message.Assistant said -> assistant(said);
      case Message.ToolResult result -> {
        out.writeStringProperty("role", "tool");
        out.writeStringProperty("tool_call_id", ids.told(result.request()));
        out.writeStringProperty("content", result.content());
      }
    }
    out.writeEndObject();
  }

  private void content(List<Part> parts) {
    String text = Words.onlyText(parts);
    if (text != null) {
      out.writeStringProperty("content", text);
      return;
    }
    out.writeArrayPropertyStart("content");
    for (Part part : parts) {
      out.writeStartObject();
      switch (part) {
        case Part.Text(var words) -> {
          out.writeStringProperty("type", "text");
          out.writeStringProperty("text", words);
        }
        case Part.Image(var mediaType, var base64) -> {
          out.writeStringProperty("type", "image_url");
          out.writeObjectPropertyStart("image_url");
          out.writeStringProperty("url", "data:" + mediaType + ";base64," + base64);
          out.writeEndObject();
        }
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private void assistant(Message.Assistant said) {
    out.writeStringProperty("role", "assistant");
    if (!said.text().isEmpty() || said.toolRequests().isEmpty()) {
      out.writeStringProperty("content", said.text());
    }
    if (said.toolRequests().isEmpty()) {
      return;
    }
    if (server.resembles()) {
      // Whoever runs them, DeepSeek's models are not asked without.
      boolean always = server == Server.DEEPSEEK || Words.mention(model, "deepseek");
      Thoughts.write(said, model, always, out);
    }
    out.writeArrayPropertyStart("tool_calls");
    for (ToolRequest request : said.toolRequests()) {
      out.writeStartObject();
      out.writeStringProperty("id", ids.told(request.id()));
      out.writeStringProperty("type", "function");
      out.writeObjectPropertyStart("function");
      out.writeStringProperty("name", request.tool());
      out.writeStringProperty("arguments", request.arguments());
      out.writeEndObject();
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private void sampling(Sampling sampling) {
    wishes.sampling(sampling, server.bound());
    if (sampling.seed() != null) {
      out.writeNumberProperty(server.seed(), sampling.seed());
    }
    if (!sampling.stop().isEmpty()) {
      out.writeArrayPropertyStart("stop");
      sampling.stop().forEach(out::writeString);
      out.writeEndArray();
    }
  }

  private void format(AnswerFormat format) {
    if (format instanceof AnswerFormat.FreeText) {
      return;
    }
    out.writeObjectPropertyStart("response_format");
    switch (format) {
      case AnswerFormat.BySchema(var name, var schema, var strict) -> {
        out.writeStringProperty("type", "json_schema");
        out.writeObjectPropertyStart("json_schema");
        out.writeStringProperty("name", name);
        out.writeBooleanProperty("strict", strict);
        out.writeName("schema");
        out.writeTree(schema);
        out.writeEndObject();
      }
      default -> out.writeStringProperty("type", "json_object");
    }
    out.writeEndObject();
  }
}
