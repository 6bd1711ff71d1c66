package dev.capstan.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.RateLimitException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.models.Model;
import dev.capstan.twin.Denial;
import dev.capstan.twin.Mishap;
import dev.capstan.twin.Scene;
import dev.capstan.twin.VendorTwin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's own client holds its conversations with the product, and notices no difference. */
class OpenAiStory {
  private static final String KEY = "sk-planted-0d6e1b52";
  private static final String MODELS =
      """
      providers:
        first: {type: openai, base_url: "TWIN/first/v1", api_key_env: TWIN_KEY}
        second: {type: openai, base_url: "TWIN/second/v1", api_key_env: TWIN_KEY}
        third: {type: openai, base_url: "TWIN/third/v1", api_key_env: TWIN_KEY}
      models:
        twin:
          primary: {provider: first, model: gpt-twin}
          fallbacks: [{provider: second, model: gpt-twin}]
          retry_policy: {max_retries: 0}
        shut: {primary: {provider: third, model: gpt-twin}}
      keys: {poor: {budget: {per_day: 0.000001}}}
      cost_tracking:
        model_costs: {gpt-twin: {input: 0.001, output: 0.004}}
      """;

  private static final VendorTwin TWIN = VendorTwin.start();
  @TempDir static Path home;
  private static ServerProcess server;
  private static OpenAIClient client;

  /** What the client's structured output is read into. */
  public static final class City {
    public String name = "";
    public int people;
  }

  @BeforeAll
  static void open() throws Exception {
    Path config = home.resolve("models.yaml");
    Files.writeString(config, MODELS.replace("TWIN/", TWIN.url() + "/"));
    server =
        ServerProcess.start(
            home,
            Map.of("DATABASE_URL", "memory", "TWIN_KEY", KEY, "CAPSTAN_CONFIG", config.toString()));
    client =
        OpenAIOkHttpClient.builder()
            .apiKey("any")
            .baseUrl(server.url() + "/v1")
            .maxRetries(0)
            .build();
  }

  @AfterAll
  static void close() {
    client.close();
    server.close();
    TWIN.close();
    System.out.println("figure: OpenAI's client held every conversation");
  }

  @BeforeEach
  void forget() {
    TWIN.script().forget();
  }

  private static ChatCompletionCreateParams.Builder chat(String text) {
    return ChatCompletionCreateParams.builder()
        .model("twin")
        .maxCompletionTokens(100)
        .addUserMessage(text);
  }

  private static String words(ChatCompletion answer) {
    return answer.choices().getFirst().message().content().orElse("");
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
  void a_plain_question_is_answered() {
    TWIN.script().always(Scene.says("Köln, 🎡 of course."));
    ChatCompletion answer = client.chat().completions().create(chat("Where?").build());
    answer.validate();
    assertThat(words(answer)).isEqualTo("Köln, 🎡 of course.");
    assertThat(answer.choices().getFirst().finishReason().asString()).isEqualTo("stop");
    assertThat(answer.usage().orElseThrow().completionTokens()).isPositive();
  }

  @Test
  void a_stream_adds_up_to_the_answer_and_its_usage() {
    TWIN.script().always(Scene.says("one two three four five six seven eight nine ten"));
    ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
    var options = ChatCompletionStreamOptions.builder().includeUsage(true).build();
    try (var stream =
        client.chat().completions().createStreaming(chat("count").streamOptions(options).build())) {
      stream.stream().forEach(whole::accumulate);
    }
    assertThat(words(whole.chatCompletion()))
        .isEqualTo("one two three four five six seven eight nine ten");
    assertThat(whole.chatCompletion().usage().orElseThrow().completionTokens()).isPositive();
  }

  @Test
  void tools_are_asked_for_in_parallel_and_their_results_taken() {
    TWIN.script()
        .next(
            Scene.says("")
                .wants("weather", "{\"city\":\"Oslo\"}")
                .wants("weather", "{\"city\":\"Rome\"}"),
            Scene.says("Cold and warm."));
    var message =
        client
            .chat()
            .completions()
            .create(chat("weather?").addTool(weather()).build())
            .choices()
            .getFirst()
            .message();
    var next = chat("weather?").addTool(weather()).addMessage(message);
    for (var call : message.toolCalls().orElseThrow()) {
      next.addMessage(
          ChatCompletionToolMessageParam.builder()
              .toolCallId(call.asFunction().id())
              .content("2 degrees")
              .build());
    }
    assertThat(words(client.chat().completions().create(next.build()))).isEqualTo("Cold and warm.");
  }

  @Test
  void a_streamed_tool_request_adds_up() {
    TWIN.script().always(Scene.says("").wants("weather", "{\"city\":\"Oslo, the capital\"}"));
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
    TWIN.script().always(Scene.says("{\"name\":\"Oslo\",\"people\":700000}"));
    var params =
        ChatCompletionCreateParams.builder()
            .model("twin")
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
    assertThat(city.name).isEqualTo("Oslo");
    assertThat(city.people).isEqualTo(700_000);
  }

  @Test
  void models_are_listed_and_shown() {
    assertThat(client.models().list().data().stream().map(Model::id))
        .containsExactly("shut", "twin");
    assertThat(client.models().retrieve("twin").validate().ownedBy()).isEqualTo("first");
    assertThatThrownBy(() -> client.models().retrieve("other"))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void refusals_are_the_ones_that_the_client_knows() {
    assertThatThrownBy(() -> client.chat().completions().create(chat("x").model("no-such").build()))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> client.chat().completions().create(chat("x").n(2).build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("'n'");
    assertThatThrownBy(() ->
            client
                .chat()
                .completions()
                .create(
                    chat("x").putAdditionalBodyProperty("user", JsonValue.from("poor")).build()))
        .isInstanceOf(RateLimitException.class)
        .satisfies(thrown ->
            assertThat(((RateLimitException) thrown).code()).contains("insufficient_quota"));
  }

  @Test
  void another_vendor_answers_and_the_client_notices_nothing() {
    TWIN.script()
        .on("first", Scene.of(Mishap.denies(Denial.OVERLOADED)))
        .on("second", Scene.says("Here."));
    assertThat(words(client.chat().completions().create(chat("who?").build()))).isEqualTo("Here.");
  }

  @Test
  void a_stream_that_breaks_off_is_an_error_and_no_end() {
    TWIN.script().always(Scene.of(Mishap.breaks(Mishap.Where.MIDWAY, Mishap.How.CUT)));
    assertThatThrownBy(
            () -> {
              try (var stream =
                  client.chat().completions().createStreaming(chat("tell me").build())) {
                stream.stream().forEach(chunk -> {});
              }
            })
        .isInstanceOf(OpenAIException.class);
  }

  @Test
  void a_key_stands_in_no_log_and_no_answer() throws Exception {
    TWIN.script().always(Scene.of(Mishap.denies(Denial.BAD_KEY)));
    assertThatThrownBy(() -> client.chat().completions().create(chat("x").model("shut").build()))
        .satisfies(thrown -> assertThat(thrown.toString()).doesNotContain("planted"));
    assertThat(server.log()).doesNotContain("planted");
    try (Door door = new Door(server.url())) {
      for (String path : new String[] {"/metrics", "/status", "/health", "/costs", "/v1/models"}) {
        assertThat(door.text(path)).doesNotContain("planted");
      }
    }
  }
}
