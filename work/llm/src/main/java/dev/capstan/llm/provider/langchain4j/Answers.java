package dev.capstan.llm.provider.langchain4j;

import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Part;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.provider.ProviderCall;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads LangChain4j's answer. */
final class Answers {
  /** What a message or a tool costs beside its words. */
  private static final int FRAME = 32;

  private Answers() {}

  static Answer of(ChatResponse response, ProviderCall call) {
    String text = response.aiMessage().text();
    List<ToolRequest> requests = new ArrayList<>();
    for (ToolExecutionRequest wish : response.aiMessage().toolExecutionRequests()) {
      String id = wish.id();
      requests.add(
          new ToolRequest(
              id == null || id.isEmpty()
                  ? "call_" + call.messages().size() + "_" + requests.size()
                  : id,
              wish.name(),
              wish.arguments() == null ? "{}" : wish.arguments()));
    }
    Message.Assistant said = new Message.Assistant(text == null ? "" : text, requests, null);
    return new Answer(
        response.id() == null ? "" : response.id(),
        response.modelName() == null ? call.model() : response.modelName(),
        said,
        finish(response, !requests.isEmpty()),
        usage(response.tokenUsage(), said, call));
  }

  private static FinishReason finish(ChatResponse response, boolean wishes) {
    FinishReason otherwise = wishes ? FinishReason.TOOL_CALLS : FinishReason.STOP;
    if (response.finishReason() == null) {
      return otherwise;
    }
    return switch (response.finishReason()) {
      case LENGTH -> FinishReason.LENGTH;
      case CONTENT_FILTER -> FinishReason.CONTENT_FILTER;
      case TOOL_EXECUTION -> FinishReason.TOOL_CALLS;
      case STOP, OTHER -> otherwise;
    };
  }

  private static Usage usage(@Nullable TokenUsage told, Message.Assistant said, ProviderCall call) {
    if (told != null && told.inputTokenCount() != null && told.outputTokenCount() != null) {
      return new Usage(told.inputTokenCount(), 0, 0, told.outputTokenCount(), 0, true);
    }
    return counted(said, call);
  }

  /** By bytes, of which a token has at least one. */
  static Usage counted(Message.Assistant said, ProviderCall call) {
    long input = FRAME;
    for (Message message : call.messages()) {
      input += FRAME + bytes(message);
    }
    for (ToolOffer offer : call.tools()) {
      input += FRAME + bytes(offer.name() + offer.description() + offer.inputSchema());
    }
    long output = bytes(said);
    Integer most = call.sampling().maxOutputTokens();
    return new Usage(input, 0, 0, most == null ? output : Math.min(most, output), 0, false);
  }

  private static long bytes(Message message) {
    return switch (message) {
      case Message.Instructions(var text) -> bytes(text);
      case Message.ToolResult result -> bytes(result.content()) + bytes(result.tool());
      case Message.User(var parts) -> {
        long sum = 0;
        for (Part part : parts) {
          sum +=
              switch (part) {
                case Part.Text(var text) -> bytes(text);
                case Part.Image image -> image.base64().length();
              };
        }
        yield sum;
      }
      case Message.Assistant said -> {
        long sum = FRAME + bytes(said.text());
        for (ToolRequest request : said.toolRequests()) {
          sum += FRAME + bytes(request.tool()) + bytes(request.arguments());
        }
        yield sum;
      }
    };
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
