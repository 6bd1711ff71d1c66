package dev.capstan.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnthropicSdkIT {
  private final VendorTwin twin = VendorTwin.start();
  private final AnthropicClient client =
      AnthropicOkHttpClient.builder()
          .apiKey("sk-ant-oracle")
          .baseUrl(twin.url())
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

  private static MessageCreateParams.Builder ask(String text) {
    return MessageCreateParams.builder().model("claude-twin").maxTokens(100).addUserMessage(text);
  }

  private static Tool weather() {
    return Tool.builder()
        .name("weather")
        .inputSchema(
            Tool.InputSchema.builder()
                .properties(
                    Tool.InputSchema.Properties.builder()
                        .putAdditionalProperty("city", JsonValue.from(Map.of("type", "string")))
                        .build())
                .build())
        .build();
  }

  @Test
  void a_plain_question_is_answered_with_the_cache_beside_the_input() {
    twin.script()
        .always(Scene.says("Köln.").counts(new Scene.Count(90, 40, 20, 0, null, true, true, true)));
    Message answer = client.messages().create(ask("Where?").build());
    assertThat(answer.content().getFirst().asText().text()).isEqualTo("Köln.");
    assertThat(answer.stopReason()).contains(StopReason.END_TURN);
    assertThat(answer.usage().inputTokens()).isEqualTo(30);
    assertThat(answer.usage().cacheReadInputTokens()).contains(40L);
    assertThat(answer.usage().cacheCreationInputTokens()).contains(20L);
    assertThat(twin.bill().total().input()).isEqualTo(90);
  }

  @Test
  void a_stream_with_thoughts_and_tools_adds_up() {
    twin.script()
        .always(
            Scene.says("Let me look.")
                .thinks("Which city, and when?")
                .wants("weather", "{\"city\":\"Oslo\"}")
                .wants("weather", "{\"city\":\"Rome, in Italy\"}"));
    MessageAccumulator whole = MessageAccumulator.create();
    try (var stream = client.messages().createStreaming(ask("?").addTool(weather()).build())) {
      stream.stream().forEach(whole::accumulate);
    }
    Message answer = whole.message();
    assertThat(answer.content()).hasSize(4);
    assertThat(answer.content().getFirst().asThinking().thinking())
        .isEqualTo("Which city, and when?");
    assertThat(answer.content().get(3).asToolUse()._input())
        .isEqualTo(JsonValue.from(Map.of("city", "Rome, in Italy")));
    assertThat(answer.usage().outputTokens()).isEqualTo(twin.bill().total().output());
    assertThat(answer.stopReason()).contains(StopReason.TOOL_USE);
  }

  @Test
  void every_tool_request_must_be_answered_at_once() {
    twin.script()
        .next(
            Scene.says("I look.").wants("weather", "{\"city\":\"Oslo\"}"),
            Scene.says("It is cold."));
    Message wish = client.messages().create(ask("?").addTool(weather()).build());
    var unanswered = ask("?").addTool(weather()).addMessage(wish).addUserMessage("well?");
    assertThatThrownBy(() -> client.messages().create(unanswered.build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("without `tool_result` blocks");
    var result =
        ToolResultBlockParam.builder()
            .toolUseId(wish.content().get(1).asToolUse().id())
            .content("2 degrees")
            .build();
    var answered =
        ask("?")
            .addTool(weather())
            .addMessage(wish)
            .addUserMessageOfBlockParams(List.of(ContentBlockParam.ofToolResult(result)));
    assertThat(client.messages().create(answered.build()).content().getFirst().asText().text())
        .isEqualTo("It is cold.");
  }

  @Test
  void structured_output_is_read_as_a_class() {
    twin.script().always(Scene.says("{\"name\":\"Oslo\",\"people\":700000}"));
    var params =
        MessageCreateParams.builder()
            .model("claude-twin")
            .maxTokens(100)
            .addUserMessage("a city")
            .outputConfig(City.class)
            .build();
    City city = client.messages().create(params).content().getFirst().asText().text();
    assertThat(city.people).isEqualTo(700_000);
  }

  @Test
  void refusals_come_as_the_sdk_knows_them() {
    var script = twin.script();
    script.always(Scene.of(Mishap.denies(Denial.RATE_LIMIT)));
    assertThatThrownBy(() -> client.messages().create(ask("x").build()))
        .isInstanceOf(RateLimitException.class);
    script.always(Scene.of(Mishap.denies(Denial.BAD_KEY)));
    assertThatThrownBy(() -> client.messages().create(ask("x").build()))
        .isInstanceOf(UnauthorizedException.class);
    script.always(Scene.of(Mishap.denies(Denial.OVERLOADED)));
    assertThatThrownBy(() -> client.messages().create(ask("x").build()))
        .isInstanceOfSatisfying(
            AnthropicServiceException.class,
            refused -> assertThat(refused.statusCode()).isEqualTo(529));
  }

  @Test
  void an_error_in_the_middle_of_a_stream_is_seen() {
    twin.script().always(Scene.of(Mishap.garbles(Mishap.Garble.ERROR_EVENT)));
    try (var stream = client.messages().createStreaming(ask("x").build())) {
      assertThatThrownBy(() -> stream.stream().forEach(event -> {}))
          .hasMessageContaining("Overloaded");
    }
  }
}
