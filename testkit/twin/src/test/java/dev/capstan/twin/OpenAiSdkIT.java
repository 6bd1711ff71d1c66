package dev.capstan.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessageParam;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenAiSdkIT {
  private final VendorTwin twin = VendorTwin.start();
  private final OpenAIClient client =
      OpenAIOkHttpClient.builder()
          .apiKey("sk-oracle")
          .baseUrl(twin.url("main") + "/v1")
          .maxRetries(0)
          .build();

  /** What the SDK's structured output is read into. */
  public static final class City {
    public String name = "";
    public int people;
  }

  @AfterEach
  void close() {
    client.close();
    twin.close();
  }

  private static ChatCompletionCreateParams.Builder chat(String text) {
    return ChatCompletionCreateParams.builder()
        .model("gpt-twin")
        .maxCompletionTokens(100)
        .addUserMessage(text);
  }

  private static ChatCompletionFunctionTool weather() {
    return ChatCompletionFunctionTool.builder()
        .function(
            FunctionDefinition.builder()
                .name("weather")
                .parameters(
                    FunctionParameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .putAdditionalProperty(
                            "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                        .build())
                .build())
        .build();
  }

  @Test
  void a_plain_question_is_answered_and_billed() {
    twin.script()
        .always(
            Scene.says("Köln, 🎡 of course.")
                .counts(new Scene.Count(90, 40, 0, 10, null, true, true, true)));
    ChatCompletion answer = client.chat().completions().create(chat("Where?").build());
    assertThat(answer.choices().getFirst().message().content()).contains("Köln, 🎡 of course.");
    assertThat(answer.choices().getFirst().finishReason().asString()).isEqualTo("stop");
    var usage = answer.usage().orElseThrow();
    assertThat(usage.promptTokens()).isEqualTo(90);
    assertThat(usage.promptTokensDetails().orElseThrow().cachedTokens()).contains(40L);
    assertThat(usage.completionTokensDetails().orElseThrow().reasoningTokens()).contains(10L);
    var line = twin.bill().lines().get(new Bill.Account("main", "sk-oracle", "gpt-twin"));
    assertThat(line.input()).isEqualTo(90);
    assertThat(line.output()).isEqualTo(usage.completionTokens());
  }

  @Test
  void a_stream_adds_up_to_the_answer_and_its_usage() {
    twin.script().always(Scene.says("one two three four five six seven eight nine ten"));
    ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
    var options = ChatCompletionStreamOptions.builder().includeUsage(true).build();
    try (var stream =
        client.chat().completions().createStreaming(chat("count").streamOptions(options).build())) {
      stream.stream().forEach(whole::accumulate);
    }
    ChatCompletion answer = whole.chatCompletion();
    assertThat(answer.choices().getFirst().message().content())
        .contains("one two three four five six seven eight nine ten");
    assertThat(answer.usage().orElseThrow().completionTokens())
        .isEqualTo(twin.bill().total().output());
  }

  @Test
  void odd_framing_is_still_a_stream() {
    twin.script()
        .always(
            Scene.says("hello wörld")
                .framed(Scene.Framing.BYTEWISE, Scene.Framing.CRLF, Scene.Framing.COMMENTS));
    StringBuilder text = new StringBuilder();
    try (var stream = client.chat().completions().createStreaming(chat("hi").build())) {
      stream.stream()
          .flatMap(chunk -> chunk.choices().stream())
          .forEach(choice -> choice.delta().content().ifPresent(text::append));
    }
    assertThat(text).hasToString("hello wörld");
  }

  @Test
  void tools_are_asked_for_in_parallel_and_their_results_taken() {
    twin.script()
        .next(
            Scene.says("")
                .wants("weather", "{\"city\":\"Oslo\"}")
                .wants("weather", "{\"city\":\"Rome\"}"),
            Scene.says("Cold and warm."));
    ChatCompletion wish =
        client.chat().completions().create(chat("weather?").addTool(weather()).build());
    var message = wish.choices().getFirst().message();
    var calls = message.toolCalls().orElseThrow();
    assertThat(calls).hasSize(2);
    assertThat(calls.get(1).asFunction().function().arguments()).isEqualTo("{\"city\":\"Rome\"}");
    List<ChatCompletionMessageParam> results = new ArrayList<>();
    for (var call : calls) {
      results.add(
          ChatCompletionMessageParam.ofTool(
              ChatCompletionToolMessageParam.builder()
                  .toolCallId(call.asFunction().id())
                  .content("2 degrees")
                  .build()));
    }
    var forgetful = chat("weather?").addTool(weather()).addMessage(message);
    forgetful.addMessage(results.getFirst());
    assertThatThrownBy(() -> client.chat().completions().create(forgetful.build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("must be followed by tool messages");
    var next = chat("weather?").addTool(weather()).addMessage(message);
    results.forEach(next::addMessage);
    assertThat(
            client
                .chat()
                .completions()
                .create(next.build())
                .choices()
                .getFirst()
                .message()
                .content())
        .contains("Cold and warm.");
  }

  @Test
  void a_streamed_tool_request_adds_up() {
    twin.script().always(Scene.says("").wants("weather", "{\"city\":\"Oslo, the capital\"}"));
    ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
    try (var stream =
        client.chat().completions().createStreaming(chat("weather?").addTool(weather()).build())) {
      stream.stream().forEach(whole::accumulate);
    }
    var call =
        whole.chatCompletion().choices().getFirst().message().toolCalls().orElseThrow().getFirst();
    assertThat(call.asFunction().function().name()).isEqualTo("weather");
    assertThat(call.asFunction().function().arguments())
        .isEqualTo("{\"city\":\"Oslo, the capital\"}");
  }

  @Test
  void structured_output_is_read_as_a_class() {
    twin.script().always(Scene.says("{\"name\":\"Oslo\",\"people\":700000}"));
    var params =
        ChatCompletionCreateParams.builder()
            .model("gpt-twin")
            .addUserMessage("a city")
            .responseFormat(City.class)
            .build();
    City city =
        client
            .chat()
            .completions()
            .create(params)
            .choices()
            .getFirst()
            .message()
            .content()
            .orElseThrow();
    assertThat(city.people).isEqualTo(700_000);
  }

  @Test
  void refusals_come_as_the_sdk_knows_them() {
    var script = twin.script();
    script.always(Scene.of(Mishap.denies(Denial.RATE_LIMIT)));
    assertThatThrownBy(() -> client.chat().completions().create(chat("x").build()))
        .isInstanceOfSatisfying(
            RateLimitException.class,
            refused -> assertThat(refused.code()).contains("rate_limit_exceeded"));
    script.always(Scene.of(Mishap.denies(Denial.BAD_KEY)));
    assertThatThrownBy(() -> client.chat().completions().create(chat("x").build()))
        .isInstanceOf(UnauthorizedException.class);
    script.always(Scene.of(Mishap.denies(Denial.UNKNOWN_MODEL)));
    assertThatThrownBy(() -> client.chat().completions().create(chat("x").build()))
        .isInstanceOf(NotFoundException.class);
    assertThat(twin.bill().total().calls()).isZero();
  }

  private static ResponseCreateParams.Builder ask(String text) {
    return ResponseCreateParams.builder().model("gpt-twin").maxOutputTokens(64).input(text);
  }

  private static FunctionTool weatherTool() {
    return FunctionTool.builder()
        .name("weather")
        .strict(false)
        .parameters(
            FunctionTool.Parameters.builder()
                .putAdditionalProperty("type", JsonValue.from("object"))
                .build())
        .build();
  }

  @Test
  void a_response_is_whole_or_cut_at_its_bound() {
    twin.script().always(Scene.says("a ".repeat(400)));
    Response answer = client.responses().create(ask("say a").build());
    assertThat(answer.status()).contains(ResponseStatus.INCOMPLETE);
    assertThat(answer.usage().orElseThrow().outputTokens()).isEqualTo(64);
    assertThat(twin.bill().total().output()).isEqualTo(64);
  }

  @Test
  void a_streamed_response_adds_up() {
    twin.script().always(Scene.says("Streams are fine.").wants("weather", "{\"city\":\"Oslo\"}"));
    ResponseAccumulator whole = ResponseAccumulator.create();
    try (var stream = client.responses().createStreaming(ask("?").addTool(weatherTool()).build())) {
      stream.stream().forEach(whole::accumulate);
    }
    Response answer = whole.response();
    assertThat(answer.status()).contains(ResponseStatus.COMPLETED);
    assertThat(answer.output()).hasSize(2);
    assertThat(answer.output().get(1).asFunctionCall().arguments())
        .isEqualTo("{\"city\":\"Oslo\"}");
  }

  @Test
  void a_function_call_of_a_response_is_answered() {
    twin.script()
        .next(Scene.says("").wants("weather", "{\"city\":\"Oslo\"}"), Scene.says("It is cold."));
    Response wish = client.responses().create(ask("?").addTool(weatherTool()).build());
    var call = wish.output().stream().flatMap(item -> item.functionCall().stream()).findFirst();
    var result =
        ResponseInputItem.ofFunctionCallOutput(
            ResponseInputItem.FunctionCallOutput.builder()
                .callId(call.orElseThrow().callId())
                .output("2 degrees")
                .build());
    var next =
        ResponseCreateParams.builder()
            .model("gpt-twin")
            .addTool(weatherTool())
            .inputOfResponse(List.of(ResponseInputItem.ofFunctionCall(call.orElseThrow()), result))
            .build();
    ResponseOutputItem said = client.responses().create(next).output().getFirst();
    assertThat(said.asMessage().content().getFirst().asOutputText().text())
        .isEqualTo("It is cold.");
  }
}
