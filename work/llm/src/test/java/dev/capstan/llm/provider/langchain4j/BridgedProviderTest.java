package dev.capstan.llm.provider.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Delta;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.provider.FaultKind;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.Reply;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class BridgedProviderTest {
  private static final ToolOffer WEATHER =
      new ToolOffer(
          "weather",
          "How warm it is",
          Json.parse(
              """
              {"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}\
              """));

  private static ProviderCall call(boolean stream, Duration timeout, Message... messages) {
    return new ProviderCall(
        "any",
        List.of(messages),
        List.of(WEATHER),
        Sampling.DEFAULT.withMaxOutputTokens(50),
        new AnswerFormat.FreeText(),
        stream,
        timeout,
        timeout);
  }

  private static ChatModel model(java.util.function.Function<ChatRequest, ChatResponse> answers) {
    return new ChatModel() {
      @Override
      public ChatResponse doChat(ChatRequest request) {
        return answers.apply(request);
      }
    };
  }

  private static Reply ask(ChatModel model, ProviderCall call, DeltaSink sink)
      throws InterruptedException {
    return new BridgedProvider("bridge", model, null, System::nanoTime).call(call, sink);
  }

  @Test
  void a_conversation_with_tools_crosses_the_bridge_both_ways() throws Exception {
    AtomicReference<ChatRequest> seen = new AtomicReference<>();
    ChatModel model =
        model(request -> {
          seen.set(request);
          return ChatResponse.builder()
              .aiMessage(
                  AiMessage.from(
                      ToolExecutionRequest.builder()
                          .id("t1")
                          .name("weather")
                          .arguments("{\"city\":\"Oslo\"}")
                          .build()))
              .tokenUsage(new TokenUsage(30, 9))
              .build();
        });
    Message result = new Message.ToolResult("t0", "weather", "2", false);
    var wish = new dev.capstan.llm.chat.ToolRequest("t0", "weather", "{}");
    List<Delta> told = new ArrayList<>();
    Reply reply =
        ask(
            model,
            call(
                true,
                Duration.ofSeconds(5),
                new Message.Instructions("Be kind."),
                Message.User.says("weather?"),
                new Message.Assistant("", List.of(wish), null),
                result),
            told::add);
    Answer answer = ((Reply.Answered) reply).answer();
    assertThat(answer.finish()).isEqualTo(FinishReason.TOOL_CALLS);
    assertThat(answer.usage().inputTokens()).isEqualTo(30);
    assertThat(told).hasSize(2);
    assertThat(seen.get().messages()).hasSize(4);
    assertThat(seen.get().messages().getLast()).isInstanceOf(ToolExecutionResultMessage.class);
    assertThat(seen.get().parameters().toolSpecifications().getFirst().parameters().required())
        .containsExactly("city");
    assertThat(seen.get().parameters().maxOutputTokens()).isEqualTo(50);
  }

  @Test
  void exceptions_are_told_by_their_kind_and_not_by_their_words() throws Exception {
    ChatModel model =
        model(request -> {
          throw new RateLimitException("slow down, sk-PLANTED");
        });
    Reply reply =
        ask(model, call(false, Duration.ofSeconds(5), Message.User.says("?")), DeltaSink.NOBODY);
    assertThat(reply)
        .isInstanceOfSatisfying(
            Reply.Faulted.class,
            faulted -> {
              assertThat(faulted.fault().kind()).isEqualTo(FaultKind.RATE_LIMITED);
              assertThat(faulted.fault()).asString().doesNotContain("PLANTED");
            });
  }

  @Test
  void a_model_that_does_not_return_is_left() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    ChatModel model =
        model(request -> {
          try {
            never.await();
          } catch (InterruptedException left) {
            Thread.currentThread().interrupt();
          }
          return ChatResponse.builder().aiMessage(AiMessage.from("late")).build();
        });
    Reply reply =
        ask(model, call(false, Duration.ofMillis(100), Message.User.says("?")), DeltaSink.NOBODY);
    assertThat(((Reply.Faulted) reply).fault().kind()).isEqualTo(FaultKind.TIMED_OUT);
  }

  @Test
  void a_stream_is_told_piece_by_piece_on_the_callers_thread() throws Exception {
    StreamingChatModel streaming =
        new StreamingChatModel() {
          @Override
          public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
            handler.onPartialResponse("Hello ");
            handler.onPartialResponse("world");
            handler.onCompleteResponse(
                ChatResponse.builder().aiMessage(AiMessage.from("Hello world")).build());
          }
        };
    ChatModel unused = model(request -> ChatResponse.builder().build());
    List<Thread> threads = new ArrayList<>();
    Reply reply =
        new BridgedProvider("bridge", unused, streaming, System::nanoTime)
            .call(
                call(true, Duration.ofSeconds(5), Message.User.says("?")),
                delta -> threads.add(Thread.currentThread()));
    Answer answer = ((Reply.Answered) reply).answer();
    assertThat(answer.message().text()).isEqualTo("Hello world");
    assertThat(answer.usage().reported()).isFalse();
    assertThat(answer.usage().outputTokens()).isGreaterThan(10);
    assertThat(threads).containsOnly(Thread.currentThread()).hasSize(2);
  }

  @Test
  void a_stream_that_breaks_leaves_what_it_told() throws Exception {
    StreamingChatModel streaming =
        new StreamingChatModel() {
          @Override
          public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
            handler.onPartialResponse("Hello ");
            handler.onError(new java.io.IOException("cut"));
          }
        };
    ChatModel unused = model(request -> ChatResponse.builder().build());
    Reply reply =
        new BridgedProvider("bridge", unused, streaming, System::nanoTime)
            .call(call(true, Duration.ofSeconds(5), Message.User.says("?")), DeltaSink.NOBODY);
    assertThat(((Reply.Faulted) reply).fault().kind()).isEqualTo(FaultKind.CONNECTION_BROKEN);
    assertThat(((Reply.Faulted) reply).fault().partial().message().text()).isEqualTo("Hello ");
  }
}
