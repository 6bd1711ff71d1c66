package dev.capstan.llm.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.chat.ToolChoice;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.config.GatewaySettings.Read;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.Reply;
import dev.capstan.llm.provider.Vendor;
import dev.capstan.llm.provider.wire.TokenGauge;
import dev.capstan.twin.Scene;
import dev.capstan.twin.VendorTwin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a server refuses is not told to it. */
class DroppingIT {
  private static final JsonNode SCHEMA =
      Json.parse(
          """
          {"type":"object","properties":{"seed":{"type":"integer"},"stop":{"type":"string"}},
           "required":["seed","stop"],"additionalProperties":false}\
          """);

  private static final ProviderCall CALL =
      new ProviderCall(
          "m",
          List.of(Message.User.says("?")),
          List.of(new ToolOffer("look", "Looks", SCHEMA)),
          new Sampling(500, 0.5, 0.9, 7L, List.of("END"), new ToolChoice.Required(), false),
          new AnswerFormat.BySchema("seed", SCHEMA, true),
          true,
          Duration.ofSeconds(20),
          Duration.ofSeconds(20));

  private static JsonNode asked(String type, String dropped) throws Exception {
    try (VendorTwin twin = VendorTwin.start();
        var wire = Vendor.wire()) {
      twin.script().always(Scene.says("{}"));
      String yaml =
          "providers: {p: {type: %s, base_url: '%s/v1', api_key_env: KEY, drop_params: [%s]}}"
              .formatted(type, twin.url(), dropped);
      Map<String, String> keys = Map.of("KEY", Vendor.KEY);
      var settings = ((Read.Good) GatewayReader.read(yaml, keys)).settings().providers().get("p");
      var provider = new Vendors(wire, keys, TokenGauge.BYTES).open(settings);
      assertThat(provider.call(CALL, DeltaSink.NOBODY)).isInstanceOf(Reply.Answered.class);
      return twin.asks().getLast().body();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "openai, stream_options",
    "openai, seed",
    "openai, temperature",
    "openai, top_p",
    "openai, stop",
    "openai, parallel_tool_calls",
    "openai, tool_choice",
    "openai, response_format",
    "openai_responses, temperature",
  })
  void a_request_is_as_before_but_for_what_is_dropped(String type, String param) throws Exception {
    JsonNode whole = asked(type, "");
    assertThat(whole.has(param)).isTrue();
    ((ObjectNode) whole).remove(param);
    assertThat(asked(type, param)).isEqualTo(whole);
  }

  @Test
  void what_bounds_a_call_and_what_it_says_cannot_be_dropped() throws Exception {
    String all =
        "stream_options, seed, temperature, top_p, stop, parallel_tool_calls, tool_choice,"
            + " response_format";
    assertThat(asked("openai", all).propertyNames())
        .containsExactlyInAnyOrder("model", "messages", "max_tokens", "tools", "stream");
  }
}
