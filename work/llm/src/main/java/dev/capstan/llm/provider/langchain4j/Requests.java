package dev.capstan.llm.provider.langchain4j;

import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Part;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.chat.ToolChoice;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.provider.ProviderCall;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import java.util.List;

/** Says a call in LangChain4j's words. */
final class Requests {
  private Requests() {}

  static ChatRequest of(ProviderCall call) {
    ChatRequest.Builder request =
        ChatRequest.builder()
            .messages(call.messages().stream().map(Requests::message).toList())
            .modelName(call.model());
    Sampling sampling = call.sampling();
    if (sampling.maxOutputTokens() != null) {
      request.maxOutputTokens(sampling.maxOutputTokens());
    }
    if (sampling.temperature() != null) {
      request.temperature(sampling.temperature());
    }
    if (sampling.topP() != null) {
      request.topP(sampling.topP());
    }
    if (!sampling.stop().isEmpty()) {
      request.stopSequences(sampling.stop());
    }
    tools(call, request);
    format(call.format(), request);
    return request.build();
  }

  private static ChatMessage message(Message message) {
    return switch (message) {
      case Message.Instructions(var text) -> SystemMessage.from(text);
      case Message.User(var parts) ->
          UserMessage.from(parts.stream().map(Requests::content).toList());
      case Message.Assistant said ->
          AiMessage.builder()
              .text(said.text().isEmpty() ? null : said.text())
              .toolExecutionRequests(
                  said.toolRequests().stream()
                      .map(request ->
                          ToolExecutionRequest.builder()
                              .id(request.id())
                              .name(request.tool())
                              .arguments(request.arguments())
                              .build())
                      .toList())
              .build();
      case Message.ToolResult result ->
          ToolExecutionResultMessage.builder()
              .id(result.request())
              .toolName(result.tool())
              .text(result.content())
              .isError(result.failed())
              .build();
    };
  }

  private static Content content(Part part) {
    return switch (part) {
      case Part.Text(var text) -> TextContent.from(text);
      case Part.Image(var mediaType, var base64) -> ImageContent.from(base64, mediaType);
    };
  }

  /** There is no choice of one tool by name: only that one is offered then, and required. */
  private static void tools(ProviderCall call, ChatRequest.Builder request) {
    ToolChoice choice = call.sampling().toolChoice();
    List<ToolSpecification> offered =
        call.tools().stream()
            .filter(offer ->
                !(choice instanceof ToolChoice.Named(var tool)) || tool.equals(offer.name()))
            .map(Requests::specification)
            .toList();
    if (offered.isEmpty() || choice instanceof ToolChoice.None) {
      return;
    }
    request.toolSpecifications(offered);
    if (!(choice instanceof ToolChoice.Auto)) {
      request.toolChoice(dev.langchain4j.model.chat.request.ToolChoice.REQUIRED);
    }
  }

  private static ToolSpecification specification(ToolOffer offer) {
    return ToolSpecification.builder()
        .name(offer.name())
        .description(offer.description())
        .parameters(Schemas.object(offer.inputSchema()))
        .build();
  }

  private static void format(AnswerFormat format, ChatRequest.Builder request) {
    switch (format) {
      case AnswerFormat.FreeText() -> {}
      case AnswerFormat.JsonObject() ->
          request.responseFormat(ResponseFormat.builder().type(ResponseFormatType.JSON).build());
      case AnswerFormat.BySchema(var name, var schema, var strict) ->
          request.responseFormat(
              ResponseFormat.builder()
                  .type(ResponseFormatType.JSON)
                  .jsonSchema(
                      JsonSchema.builder()
                          .name(name)
                          .rootElement(JsonRawSchema.from(schema.toString()))
                          .build())
                  .build());
    }
  }
}
