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
import com.openai.models.models.Model;
import dev.capstan.twin.Denial;
import dev.capstan.twin.Mishap;
import dev.capstan.twin.OpenAiClientContract;
import dev.capstan.twin.Scene;
import dev.capstan.twin.Script;
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
class OpenAiStory extends OpenAiClientContract {
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

  @Override
  protected OpenAIClient client() {
    return client;
  }

  @Override
  protected Script script() {
    return TWIN.script();
  }

  @Override
  protected String model() {
    return "twin";
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
