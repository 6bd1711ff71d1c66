package dev.capstan.llm.price;

import dev.capstan.kernel.Json;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Part;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.chat.ToolRequest;
import java.util.function.ToLongFunction;
import tools.jackson.databind.JsonNode;

/**
 * How many tokens go in at most: those of all that is sent, and an allowance for what the vendor
 * adds of its own (roles, separators, the wording around tools).
 *
 * @param text how many tokens a text is at most
 */
record InputGauge(ToLongFunction<String> text) {
  /** Of every call: the priming of the answer. */
  private static final long PER_CALL = 64;

  /** Of every message, tool and tool request: role, separators, ids. */
  private static final long PER_PIECE = 16;

  /** What vendors put before the first tool: about 350 with the dearest of them. */
  private static final long TOOLS_PREAMBLE = 800;

  /** What an image costs with the dearest of the known tilings, whatever its size. */
  private static final long PER_IMAGE = 50_000;

  /** JSON Schema may be rewritten in another notation before the model reads it. */
  private static final long SCHEMA_FACTOR = 2;

  long tokens(Bound.Sent sent) {
    long input = PER_CALL;
    for (Message message : sent.messages()) {
      input += PER_PIECE + tokens(message);
    }
    input += sent.tools().isEmpty() ? 0 : TOOLS_PREAMBLE;
    for (ToolOffer tool : sent.tools()) {
      input +=
          PER_PIECE
              + tokens(tool.name())
              + tokens(tool.description())
              + SCHEMA_FACTOR * tokens(tool.inputSchema());
    }
    if (sent.format() instanceof AnswerFormat.BySchema schema) {
      input += TOOLS_PREAMBLE + tokens(schema.name()) + SCHEMA_FACTOR * tokens(schema.schema());
    }
    return input;
  }

  private long tokens(Message message) {
    return switch (message) {
      case Message.Instructions said -> tokens(said.text());
      case Message.User user -> user.parts().stream().mapToLong(this::tokens).sum();
      case Message.Assistant said -> {
        // What is kept for the vendor is no text: it may be sealed.
        long kept =
            said.keepsake() == null ? 0 : Bound.bytes(Json.write(said.keepsake().content()));
        yield tokens(said.text())
            + kept
            + said.toolRequests().stream().mapToLong(this::tokens).sum();
      }
      case Message.ToolResult result ->
          PER_PIECE + tokens(result.tool()) + tokens(result.request()) + tokens(result.content());
    };
  }

  private long tokens(Part part) {
    return switch (part) {
      case Part.Text text -> PER_PIECE + tokens(text.text());
      case Part.Image image -> PER_IMAGE;
    };
  }

  private long tokens(ToolRequest request) {
    return PER_PIECE + tokens(request.id()) + tokens(request.tool()) + tokens(request.arguments());
  }

  private long tokens(JsonNode json) {
    return tokens(Json.write(json));
  }

  private long tokens(String words) {
    return text.applyAsLong(words);
  }
}
