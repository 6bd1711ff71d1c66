package dev.capstan.llm.price;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Part;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.chat.ToolRequest;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The most tokens that a call can be billed for. A token of text is at least one byte of UTF-8, so
 * that the bytes of all that is sent bound the tokens that go in, whatever the vendor's tokenizer;
 * what the vendor adds of its own (roles, separators, the wording around tools) is allowed for.
 * What comes out is bounded by what the call asks for at most.
 *
 * @param inputTokens never too low
 * @param outputTokens what the call asks for at most; all that the model can say when it does not
 */
public record Bound(long inputTokens, int outputTokens) {
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

  /** The bound of a call to this model. */
  public static Bound of(
      ModelPrice model,
      List<Message> messages,
      List<ToolOffer> tools,
      AnswerFormat format,
      @org.jspecify.annotations.Nullable Integer maxOutputTokens) {
    long input = PER_CALL;
    for (Message message : messages) {
      input += PER_PIECE + tokens(message);
    }
    input += tools.isEmpty() ? 0 : TOOLS_PREAMBLE;
    for (ToolOffer tool : tools) {
      input +=
          PER_PIECE
              + bytes(tool.name())
              + bytes(tool.description())
              + SCHEMA_FACTOR * bytes(tool.inputSchema());
    }
    if (format instanceof AnswerFormat.BySchema schema) {
      input += TOOLS_PREAMBLE + bytes(schema.name()) + SCHEMA_FACTOR * bytes(schema.schema());
    }
    return new Bound(input, maxOutputTokens == null ? model.mostOutput() : maxOutputTokens);
  }

  /** What so many tokens cost at most. */
  public Money atMost(ModelPrice model) {
    return model.atMost(inputTokens, outputTokens);
  }

  private static long tokens(Message message) {
    return switch (message) {
      case Message.Instructions said -> bytes(said.text());
      case Message.User user -> user.parts().stream().mapToLong(Bound::tokens).sum();
      case Message.Assistant said -> {
        long kept = said.keepsake() == null ? 0 : bytes(said.keepsake().content());
        yield bytes(said.text())
            + kept
            + said.toolRequests().stream().mapToLong(Bound::tokens).sum();
      }
      case Message.ToolResult result ->
          PER_PIECE + bytes(result.tool()) + bytes(result.request()) + bytes(result.content());
    };
  }

  private static long tokens(Part part) {
    return switch (part) {
      case Part.Text text -> PER_PIECE + bytes(text.text());
      case Part.Image image -> PER_IMAGE;
    };
  }

  private static long tokens(ToolRequest request) {
    return PER_PIECE + bytes(request.id()) + bytes(request.tool()) + bytes(request.arguments());
  }

  private static long bytes(JsonNode json) {
    return bytes(Json.write(json));
  }

  /** In UTF-8, counted without writing it. */
  static long bytes(String text) {
    long bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (letter >= 0x80) {
        // A pair of surrogates is four bytes for two letters; half of one becomes three.
        bytes += letter < 0x800 ? 1 : Character.isSurrogate(letter) && isPair(text, i) ? 1 : 2;
      }
    }
    return bytes;
  }

  private static boolean isPair(String text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
  }
}
