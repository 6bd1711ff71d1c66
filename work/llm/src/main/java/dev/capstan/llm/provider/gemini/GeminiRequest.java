package dev.capstan.llm.provider.gemini;

import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Part;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.chat.ToolChoice;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.wire.Turns;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/**
 * Writes a call as Gemini wants it: instructions apart, contents of user and model in turn, as many
 * function responses in one content as there were calls in the one before.
 */
final class GeminiRequest {
  private final JsonGenerator out;
  private final Turns turns;
  private final Calls calls;

  GeminiRequest(String model, JsonGenerator out) {
    this.out = out;
    this.turns = new Turns(out, "parts");
    this.calls = new Calls(model, out);
  }

  void write(ProviderCall call) {
    out.writeStartObject();
    instructions(call.messages());
    out.writeArrayPropertyStart("contents");
    call.messages().forEach(this::message);
    turns.end();
    out.writeEndArray();
    if (!call.tools().isEmpty()) {
      tools(call);
    }
    generation(call.sampling(), call.format());
    out.writeEndObject();
  }

  private void instructions(List<Message> messages) {
    boolean begun = false;
    for (Message message : messages) {
      if (message instanceof Message.Instructions(var text)) {
        if (!begun) {
          out.writeObjectPropertyStart("systemInstruction");
          out.writeArrayPropertyStart("parts");
          begun = true;
        }
        text(text);
      }
    }
    if (begun) {
      out.writeEndArray();
      out.writeEndObject();
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
        turns.of("model");
        model(said);
      }
      case Message.ToolResult result -> {
        turns.of("user");
        response(result);
      }
    }
  }

  private void part(Part part) {
    switch (part) {
      case Part.Text(var words) -> text(words);
      case Part.Image(var mediaType, var base64) -> {
        out.writeStartObject();
        out.writeObjectPropertyStart("inlineData");
        out.writeStringProperty("mimeType", mediaType);
        out.writeStringProperty("data", base64);
        out.writeEndObject();
        out.writeEndObject();
      }
    }
  }

  private void text(String words) {
    out.writeStartObject();
    out.writeStringProperty("text", words);
    out.writeEndObject();
  }

  private void model(Message.Assistant said) {
    Message.Keepsake kept = said.keepsake();
    if (kept != null && kept.dialect().equals(GeminiDialect.NAME)) {
      calls.kept(said.toolRequests(), kept.content());
      return;
    }
    if (!said.text().isEmpty() || said.toolRequests().isEmpty()) {
      text(said.text());
    }
    calls.foreign(said.toolRequests());
  }

  private void response(Message.ToolResult result) {
    out.writeStartObject();
    out.writeObjectPropertyStart("functionResponse");
    String id = calls.id(result);
    if (id != null) {
      out.writeStringProperty("id", id);
    }
    out.writeStringProperty("name", result.tool());
    out.writeObjectPropertyStart("response");
    out.writeStringProperty(result.failed() ? "error" : "result", result.content());
    out.writeEndObject();
    out.writeEndObject();
    out.writeEndObject();
  }

  private void tools(ProviderCall call) {
    out.writeArrayPropertyStart("tools");
    out.writeStartObject();
    out.writeArrayPropertyStart("functionDeclarations");
    for (ToolOffer offer : call.tools()) {
      out.writeStartObject();
      out.writeStringProperty("name", offer.name());
      out.writeStringProperty("description", offer.description());
      out.writeName("parametersJsonSchema");
      out.writeTree(offer.inputSchema());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
    out.writeEndArray();
    ToolChoice choice = call.sampling().toolChoice();
    if (choice instanceof ToolChoice.Auto) {
      return;
    }
    out.writeObjectPropertyStart("toolConfig");
    out.writeObjectPropertyStart("functionCallingConfig");
    out.writeStringProperty("mode", choice instanceof ToolChoice.None ? "NONE" : "ANY");
    if (choice instanceof ToolChoice.Named(var tool)) {
      out.writeArrayPropertyStart("allowedFunctionNames");
      out.writeString(tool);
      out.writeEndArray();
    }
    out.writeEndObject();
    out.writeEndObject();
  }

  private void generation(Sampling sampling, AnswerFormat format) {
    out.writeObjectPropertyStart("generationConfig");
    if (sampling.maxOutputTokens() != null) {
      out.writeNumberProperty("maxOutputTokens", sampling.maxOutputTokens());
    }
    if (sampling.temperature() != null) {
      out.writeNumberProperty("temperature", sampling.temperature());
    }
    if (sampling.topP() != null) {
      out.writeNumberProperty("topP", sampling.topP());
    }
    if (sampling.seed() != null) {
      out.writeNumberProperty("seed", sampling.seed());
    }
    if (!sampling.stop().isEmpty()) {
      out.writeArrayPropertyStart("stopSequences");
      sampling.stop().forEach(out::writeString);
      out.writeEndArray();
    }
    switch (format) {
      case AnswerFormat.FreeText() -> {}
      case AnswerFormat.JsonObject() ->
          out.writeStringProperty("responseMimeType", "application/json");
      case AnswerFormat.BySchema(var name, var schema, var strict) -> {
        out.writeStringProperty("responseMimeType", "application/json");
        out.writeName("responseJsonSchema");
        out.writeTree(schema);
      }
    }
    out.writeEndObject();
  }
}
