package dev.capstan.llm.provider.openai;

import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.chat.ToolChoice;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.provider.ProviderCall;
import tools.jackson.core.JsonGenerator;

/**
 * Writes tools and samplings, which both of the vendor's APIs want alike but for one thing: where
 * chat completions have a function, with a name and a schema, responses have these at once.
 */
final class Wishes {
  private final JsonGenerator out;
  private final boolean inFunctions;

  private Wishes(JsonGenerator out, boolean inFunctions) {
    this.out = out;
    this.inFunctions = inFunctions;
  }

  static Wishes ofChat(JsonGenerator out) {
    return new Wishes(out, true);
  }

  static Wishes ofResponses(JsonGenerator out) {
    return new Wishes(out, false);
  }

  /**
   * What both have of it.
   *
   * @param bound how the bound of output tokens is called
   */
  void sampling(Sampling sampling, String bound) {
    if (sampling.maxOutputTokens() != null) {
      out.writeNumberProperty(bound, sampling.maxOutputTokens());
    }
    if (sampling.temperature() != null) {
      out.writeNumberProperty("temperature", sampling.temperature());
    }
    if (sampling.topP() != null) {
      out.writeNumberProperty("top_p", sampling.topP());
    }
  }

  /** Nothing for a call without tools. */
  void tools(ProviderCall call) {
    if (call.tools().isEmpty()) {
      return;
    }
    out.writeArrayPropertyStart("tools");
    for (ToolOffer offer : call.tools()) {
      out.writeStartObject();
      begin(offer.name());
      if (!offer.description().isEmpty()) {
        out.writeStringProperty("description", offer.description());
      }
      if (!inFunctions) {
        // There it is strict by default, and tools' schemas are whatever their makers wrote.
        out.writeBooleanProperty("strict", false);
      }
      out.writeName("parameters");
      out.writeTree(offer.inputSchema());
      end();
      out.writeEndObject();
    }
    out.writeEndArray();
    choice(call.sampling().toolChoice());
    if (!call.sampling().parallelTools()) {
      out.writeBooleanProperty("parallel_tool_calls", false);
    }
  }

  private void choice(ToolChoice choice) {
    switch (choice) {
      case ToolChoice.Auto() -> {}
      case ToolChoice.None() -> out.writeStringProperty("tool_choice", "none");
      case ToolChoice.Required() -> out.writeStringProperty("tool_choice", "required");
      case ToolChoice.Named(var tool) -> {
        out.writeObjectPropertyStart("tool_choice");
        begin(tool);
        end();
        out.writeEndObject();
      }
    }
  }

  private void begin(String name) {
    out.writeStringProperty("type", "function");
    if (inFunctions) {
      out.writeObjectPropertyStart("function");
    }
    out.writeStringProperty("name", name);
  }

  private void end() {
    if (inFunctions) {
      out.writeEndObject();
    }
  }
}
