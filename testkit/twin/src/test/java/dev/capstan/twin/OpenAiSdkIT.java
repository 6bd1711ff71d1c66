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
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStatus;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** If OpenAI's own client understands the twin, the twin speaks as OpenAI does. */
class OpenAiSdkIT extends OpenAiClientContract {
  private final VendorTwin twin = VendorTwin.start();
  private final OpenAIClient client =
      OpenAIOkHttpClient.builder()
          .apiKey("sk-oracle")
          .baseUrl(twin.url("main") + "/v1")
          .maxRetries(0)
          .build();

  @Override
  protected OpenAIClient client() {
    return client;
  }

  @Override
  protected Script script() {
    return twin.script();
  }

  @Override
  protected String model() {
    return "gpt-twin";
  }

  @AfterEach
  void close() {
    client.close();
    twin.close();
  }

  @Test
  void what_is_counted_is_told_and_billed() {
    twin.script()
        .always(
            Scene.says("Köln, 🎡 of course.")
                .counts(new Scene.Count(90, 40, 0, 10, null, true, true, true)));
    ChatCompletion answer = client.chat().completions().create(chat("Where?").build());
    var usage = answer.usage().orElseThrow();
    assertThat(usage.promptTokens()).isEqualTo(90);
    assertThat(usage.promptTokensDetails().orElseThrow().cachedTokens()).contains(40L);
    assertThat(usage.completionTokensDetails().orElseThrow().reasoningTokens()).contains(10L);
    var line = twin.bill().lines().get(new Bill.Account("main", "sk-oracle", "gpt-twin"));
    assertThat(line.input()).isEqualTo(90);
    assertThat(line.output()).isEqualTo(usage.completionTokens());
  }

  @Test
  void a_request_for_a_tool_that_is_not_answered_is_refused() {
    twin.script()
        .next(
            Scene.says("")
                .wants("weather", "{\"city\":\"Oslo\"}")
                .wants("weather", "{\"city\":\"Rome\"}"));
    var message =
        client
            .chat()
            .completions()
            .create(chat("weather?").addTool(weather()).build())
            .choices()
            .getFirst()
            .message();
    var forgetful =
        chat("weather?")
            .addTool(weather())
            .addMessage(message)
            .addMessage(
                ChatCompletionToolMessageParam.builder()
                    .toolCallId(message.toolCalls().orElseThrow().getFirst().asFunction().id())
                    .content("2 degrees")
                    .build());
    assertThatThrownBy(() -> client.chat().completions().create(forgetful.build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("must be followed by tool messages");
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
