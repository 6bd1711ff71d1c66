package dev.capstan.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.genai.Client;
import com.google.genai.errors.ClientException;
import com.google.genai.errors.ServerException;
import com.google.genai.types.Content;
import com.google.genai.types.FinishReason;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.Part;
import com.google.genai.types.Schema;
import com.google.genai.types.Tool;
import com.google.genai.types.Type;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GeminiSdkIT {
  private final VendorTwin twin = VendorTwin.start();
  private final Client client =
      Client.builder()
          .apiKey("AIza-oracle")
          .httpOptions(
              HttpOptions.builder()
                  .baseUrl(twin.url())
                  .retryOptions(HttpRetryOptions.builder().attempts(1))
                  .build())
          .build();

  @AfterEach
  void close() {
    client.close();
    twin.close();
  }

  private static GenerateContentConfig withWeather() {
    return GenerateContentConfig.builder()
        .tools(
            Tool.builder()
                .functionDeclarations(
                    FunctionDeclaration.builder()
                        .name("weather")
                        .parametersJsonSchema(
                            Map.of(
                                "type",
                                "object",
                                "properties",
                                Map.of("city", Map.of("type", "string"))))
                        .build())
                .build())
        .build();
  }

  @Test
  void a_plain_question_is_answered() {
    twin.script()
        .always(Scene.says("Köln.").counts(new Scene.Count(90, 40, 0, 7, null, true, true, true)));
    GenerateContentResponse answer = client.models.generateContent("gemini-twin", "Where?", null);
    assertThat(answer.text()).isEqualTo("Köln.");
    var usage = answer.usageMetadata().orElseThrow();
    assertThat(usage.promptTokenCount()).contains(90);
    assertThat(usage.cachedContentTokenCount()).contains(40);
    assertThat(usage.thoughtsTokenCount()).contains(7);
    assertThat(usage.candidatesTokenCount().orElseThrow() + 7)
        .isEqualTo((int) twin.bill().total().output());
  }

  @Test
  void a_stream_adds_up() {
    twin.script().always(Scene.says("one two three four five six seven eight nine ten"));
    StringBuilder text = new StringBuilder();
    FinishReason finish = null;
    try (var stream = client.models.generateContentStream("gemini-twin", "count", null)) {
      for (GenerateContentResponse chunk : stream) {
        text.append(chunk.text() == null ? "" : chunk.text());
        finish = chunk.candidates().orElseThrow().getFirst().finishReason().orElse(null);
      }
    }
    assertThat(text).hasToString("one two three four five six seven eight nine ten");
    assertThat(finish).isEqualTo(new FinishReason(FinishReason.Known.STOP));
  }

  @Test
  void calls_come_with_a_signature_and_want_as_many_responses() {
    twin.script()
        .next(
            Scene.says("")
                .thinks("two places")
                .wants("weather", "{\"city\":\"Oslo\"}")
                .wants("weather", "{\"city\":\"Rome\"}"),
            Scene.says("Cold and warm."));
    GenerateContentResponse wish =
        client.models.generateContent("gemini-twin", "weather?", withWeather());
    assertThat(wish.functionCalls()).hasSize(2);
    assertThat(wish.functionCalls().get(1).args()).contains(Map.of("city", "Rome"));
    Content model = wish.candidates().orElseThrow().getFirst().content().orElseThrow();
    assertThat(model.parts().orElseThrow()).anyMatch(part -> part.thoughtSignature().isPresent());
    Part result = Part.fromFunctionResponse("weather", Map.of("degrees", 2));
    Content question = Content.fromParts(Part.fromText("weather?"));
    assertThatThrownBy(() ->
            client.models.generateContent(
                "gemini-twin", List.of(question, model, Content.fromParts(result)), withWeather()))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("number of function response parts");
    assertThat(
            client
                .models
                .generateContent(
                    "gemini-twin",
                    List.of(question, model, Content.fromParts(result, result)),
                    withWeather())
                .text())
        .isEqualTo("Cold and warm.");
  }

  @Test
  void later_models_refuse_calls_that_they_have_not_signed() {
    twin.script().always(Scene.says("").wants("weather", "{\"city\":\"Oslo\"}"));
    String model = "gemini-3-twin";
    GenerateContentResponse wish = client.models.generateContent(model, "weather?", withWeather());
    assertThat(wish.functionCalls()).hasSize(1);
    Content said = wish.candidates().orElseThrow().getFirst().content().orElseThrow();
    Content question = Content.fromParts(Part.fromText("weather?"));
    Content result = Content.fromParts(Part.fromFunctionResponse("weather", Map.of("degrees", 2)));
    Content forgotten =
        Content.builder()
            .role("model")
            .parts(Part.fromFunctionCall("weather", Map.of("city", "Oslo")))
            .build();
    twin.script().always(Scene.says("Cold."));
    assertThatThrownBy(() ->
            client.models.generateContent(
                model, List.of(question, forgotten, result), withWeather()))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("missing a thought_signature");
    for (List<Content> passes :
        List.of(List.of(question, said, result), List.of(question, forgotten, result, question))) {
      assertThat(client.models.generateContent(model, passes, withWeather()).text())
          .isEqualTo("Cold.");
    }
  }

  @Test
  void structured_output_is_asked_for_by_schema() {
    twin.script().always(Scene.says("{\"name\":\"Oslo\"}"));
    var config =
        GenerateContentConfig.builder()
            .responseMimeType("application/json")
            .responseSchema(
                Schema.builder()
                    .type(Type.Known.OBJECT)
                    .properties(Map.of("name", Schema.builder().type(Type.Known.STRING).build()))
                    .build())
            .build();
    assertThat(client.models.generateContent("gemini-twin", "a city", config).text())
        .isEqualTo("{\"name\":\"Oslo\"}");
  }

  @Test
  void refusals_come_as_the_sdk_knows_them() {
    twin.script().always(Scene.of(Mishap.denies(Denial.RATE_LIMIT)));
    assertThatThrownBy(() -> client.models.generateContent("gemini-twin", "x", null))
        .isInstanceOfSatisfying(
            ClientException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(429);
              assertThat(refused.status()).isEqualTo("RESOURCE_EXHAUSTED");
            });
    twin.script().always(Scene.of(Mishap.denies(Denial.OVERLOADED)));
    assertThatThrownBy(() -> client.models.generateContent("gemini-twin", "x", null))
        .isInstanceOf(ServerException.class);
  }
}
