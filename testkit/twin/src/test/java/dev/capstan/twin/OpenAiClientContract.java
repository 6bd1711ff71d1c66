package dev.capstan.twin;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The conversations that OpenAI's own client holds with whoever speaks as OpenAI does, and who then
 * asks the twin or is it.
 */
public abstract class OpenAiClientContract {
  /** What the client's structured output is read into. */
  public static final class City {
    public String name = "";
    public int people;
  }

  protected abstract OpenAIClient client();

  /** What the twin will say. */
  protected abstract Script script();

  protected abstract String model();

  protected final ChatCompletionCreateParams.Builder chat(String text) {
    return ChatCompletionCreateParams.builder()
        .model(model())
        .maxCompletionTokens(100)
        .addUserMessage(text);
  }

  protected static String words(ChatCompletion answer) {
    return answer.choices().getFirst().message().content().orElse("");
  }

  protected static ChatCompletionFunctionTool weather() {
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
  void a_plain_question_is_answered() {
    script().always(Scene.says("Köln, 🎡 of course."));
    ChatCompletion answer = client().chat().completions().create(chat("Where?").build());
    answer.validate();
    assertThat(words(answer)).isEqualTo("Köln, 🎡 of course.");
    assertThat(answer.choices().getFirst().finishReason().asString()).isEqualTo("stop");
    assertThat(answer.usage().orElseThrow().completionTokens()).isPositive();
  }

  @Test
  void a_stream_adds_up_to_the_answer_and_its_usage() {
    script().always(Scene.says("one two three four five six seven eight nine ten"));
    ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
    var options = ChatCompletionStreamOptions.builder().includeUsage(true).build();
    try (var stream =
        client()
            .chat()
            .completions()
            .createStreaming(chat("count").streamOptions(options).build())) {
      stream.stream().forEach(whole::accumulate);
    }
    ChatCompletion answer = whole.chatCompletion();
    assertThat(words(answer)).isEqualTo("one two three four five six seven eight nine ten");
    assertThat(answer.usage().orElseThrow().completionTokens()).isPositive();
  }

  @Test
  void tools_are_asked_for_in_parallel_and_their_results_taken() {
    script()
        .next(
            Scene.says("")
                .wants("weather", "{\"city\":\"Oslo\"}")
                .wants("weather", "{\"city\":\"Rome\"}"),
            Scene.says("Cold and warm."));
    var message =
        client()
            .chat()
            .completions()
            .create(chat("weather?").addTool(weather()).build())
            .choices()
            .getFirst()
            .message();
    var calls = message.toolCalls().orElseThrow();
    assertThat(calls).hasSize(2);
    assertThat(calls.get(1).asFunction().function().arguments()).isEqualTo("{\"city\":\"Rome\"}");
    var next = chat("weather?").addTool(weather()).addMessage(message);
    for (var call : calls) {
      next.addMessage(
          ChatCompletionToolMessageParam.builder()
              .toolCallId(call.asFunction().id())
              .content("2 degrees")
              .build());
    }
    assertThat(words(client().chat().completions().create(next.build())))
        .isEqualTo("Cold and warm.");
  }

  @Test
  void a_streamed_tool_request_adds_up() {
    script().always(Scene.says("").wants("weather", "{\"city\":\"Oslo, the capital\"}"));
    ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
    try (var stream =
        client()
            .chat()
            .completions()
            .createStreaming(chat("weather?").addTool(weather()).build())) {
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
    script().always(Scene.says("{\"name\":\"Oslo\",\"people\":700000}"));
    var params =
        ChatCompletionCreateParams.builder()
            .model(model())
            .addUserMessage("a city")
            .responseFormat(City.class)
            .build();
    City city =
        client()
            .chat()
            .completions()
            .create(params)
            .choices()
            .getFirst()
            .message()
            .content()
            .orElseThrow();
    assertThat(city.name).isEqualTo("Oslo");
    assertThat(city.people).isEqualTo(700_000);
  }
}
