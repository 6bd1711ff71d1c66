package dev.capstan.llm.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One turn of a conversation. */
public sealed interface Message {
  /** What the model is told before all else. */
  record Instructions(String text) implements Message {}

  /** What a person says or shows. */
  record User(List<Part> parts) implements Message {
    public User {
      parts = List.copyOf(parts);
    }

    public static User says(String text) {
      return new User(List.of(new Part.Text(text)));
    }
  }

  /**
   * What the model said.
   *
   * @param text may be empty, when it only asks for tools
   * @param keepsake what its vendor wants back unchanged, if anything
   */
  record Assistant(String text, List<ToolRequest> toolRequests, @Nullable Keepsake keepsake)
      implements Message {
    public Assistant {
      toolRequests = List.copyOf(toolRequests);
    }

    public static Assistant says(String text) {
      return new Assistant(text, List.of(), null);
    }
  }

  /**
   * What a tool answered. Every request of an {@link Assistant} is followed by exactly one of these
   * before anything else is said.
   *
   * @param request the id of the {@link ToolRequest}
   * @param failed whether the content tells what went wrong
   */
  record ToolResult(String request, String tool, String content, boolean failed)
      implements Message {}

  /**
   * Content that only its vendor understands and wants back with the next turn: Anthropic's
   * thinking blocks, Gemini's thought signatures. Another vendor is not shown it.
   *
   * @param dialect whose it is, as {@link dev.capstan.llm.provider.ModelProvider#dialect}
   */
  record Keepsake(String dialect, JsonNode content) {}
}
