package dev.capstan.llm.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Secret;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.chat.ToolChoice;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.provider.openai.OpenAi;
import dev.capstan.llm.provider.wire.Endpoint;
import dev.capstan.llm.provider.wire.Wire;
import dev.capstan.llm.provider.wire.WireProvider;
import dev.capstan.twin.Mishap;
import dev.capstan.twin.Scene;
import dev.capstan.twin.VendorTwin;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What resembles OpenAI's chat completions, and how it does not. */
class ServersIT {
  private static final VendorTwin twin = VendorTwin.start();
  private static final Wire wire = Vendor.wire();
  private static final ToolOffer LOOK =
      new ToolOffer("look", "Looks", Json.parse("{\"type\":\"object\"}"));

  private static final Sampling SEEDED =
      new Sampling(500, null, null, 7L, List.of(), new ToolChoice.Auto(), true);

  @AfterAll
  static void close() {
    wire.close();
    twin.close();
  }

  @BeforeEach
  void forget() {
    twin.script().forget();
  }

  private static Reply ask(String base, String place, ProviderCall call) throws Exception {
    Endpoint endpoint = Endpoint.of("theirs", twin.url(place) + "/v1", Secret.of(Vendor.KEY));
    return new WireProvider(wire, endpoint, OpenAi.chatAt(URI.create(base)))
        .call(call, DeltaSink.NOBODY);
  }

  private static String lastBody() {
    return twin.asks().getLast().body().toString();
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.openai.com/v1, max_completion_tokens, seed, obfuscation",
    "https://eu.api.openai.com/v1, max_completion_tokens, seed, obfuscation",
    "https://us.openai.azure.com/openai/v1, max_completion_tokens, seed, include_usage",
    "https://api.mistral.ai/v1, max_tokens, random_seed, stream",
    "https://api.deepseek.com, max_tokens, seed, include_usage",
    "http://localhost:11434/v1, max_tokens, seed, include_usage",
    "https://notopenai.com/v1, max_tokens, seed, include_usage",
    "https://api.openai.com.example.org/v1, max_tokens, seed, include_usage",
  })
  void each_is_asked_in_its_own_words(String base, String bound, String seed, String options)
      throws Exception {
    twin.script().always(Scene.says("yes"));
    String place = base.contains("mistral.ai") ? "mistral" : "other";
    ProviderCall call = Vendor.ask("m", true, Message.User.says("?"));
    call = Vendor.with(call, SEEDED);
    assertThat(ask(base, place, call)).isInstanceOf(Reply.Answered.class);
    assertThat(lastBody()).contains("\"" + bound + "\":500", "\"" + seed + "\":7", options);
    assertThat(lastBody().contains("obfuscation")).isEqualTo(options.equals("obfuscation"));
    assertThat(lastBody().contains("include_usage")).isEqualTo(!options.equals("stream"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mistral-large-latest", "devstral-2", "open-mixtral-8x22b"})
  void models_of_mistral_are_told_ids_of_nine_letters_wherever_they_run(String model)
      throws Exception {
    twin.script().always(Scene.says("well"));
    Message asked =
        new Message.Assistant(
            "",
            List.of(
                new ToolRequest("call_of_another_vendor", "look", "{}"),
                new ToolRequest("call00001", "look", "{}"),
                new ToolRequest("", "look", "{}")),
            null);
    ProviderCall call =
        Vendor.ask(
            model,
            false,
            Message.User.says("?"),
            asked,
            new Message.ToolResult("call_of_another_vendor", "look", "a", false),
            new Message.ToolResult("call00001", "look", "b", false),
            new Message.ToolResult("", "look", "c", false));
    assertThat(ask("http://localhost/v1", "other", Vendor.with(call, LOOK)))
        .isInstanceOf(Reply.Answered.class);
    var messages = twin.asks().getLast().body().path("messages");
    for (int i = 0; i < 3; i++) {
      String id = messages.get(1).path("tool_calls").get(i).path("id").stringValue();
      assertThat(id).matches("[a-zA-Z0-9]{9}");
      assertThat(messages.get(2 + i).path("tool_call_id").stringValue()).isEqualTo(id);
    }
    assertThat(lastBody()).contains("call00001", "call00002", "call00003");
  }

  @Test
  void thoughts_are_shown_to_the_model_that_had_them_and_to_no_other() throws Exception {
    Message question = Message.User.says("?");
    for (String place : new String[] {"deepseek", "mistral"}) {
      String base = "https://api." + place + (place.equals("mistral") ? ".ai" : ".com");
      twin.script().next(Scene.says("").thinks("It is a secret.").wants("look", "{}"));
      ProviderCall first = Vendor.with(Vendor.ask("m-1", true, question), LOOK);
      Reply.Answered wish = (Reply.Answered) ask(base, place, first);
      Message.Assistant said = wish.answer().message();
      assertThat(said.text()).isEmpty();
      Message result =
          new Message.ToolResult(said.toolRequests().getFirst().id(), "look", "nothing", false);
      for (String model : new String[] {"m-1", "m-2"}) {
        twin.script().next(Scene.says("so"));
        ProviderCall next = Vendor.with(Vendor.ask(model, true, question, said, result), LOOK);
        assertThat(ask(base, place, next)).isInstanceOf(Reply.Answered.class);
        assertThat(lastBody().contains("secret"))
            .isEqualTo(place.equals("deepseek") && model.equals("m-1"));
        twin.script().next(Scene.says("so"));
        assertThat(ask("https://api.openai.com", "other", next)).isInstanceOf(Reply.Answered.class);
        assertThat(lastBody()).doesNotContain("secret", "reasoning");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"deepseek", "mistral"})
  void what_was_thought_aloud_is_paid_for_when_a_stream_breaks(String place) throws Exception {
    String base = "https://api." + place + (place.equals("mistral") ? ".ai" : ".com");
    String thought = "word ".repeat(80);
    twin.script()
        .next(
            Scene.says("One two three four five six seven eight nine ten.")
                .thinks(thought)
                .but(new Mishap.Breaks(Mishap.Where.MIDWAY, Mishap.How.CUT)));
    Reply reply = ask(base, place, Vendor.ask("m", true, Message.User.says("?")));
    assertThat(reply).isInstanceOf(Reply.Faulted.class);
    var partial = ((Reply.Faulted) reply).fault().partial();
    assertThat(partial).isNotNull();
    assertThat(partial.message().text()).startsWith("One").doesNotContain("word");
    assertThat(partial.usage().outputTokens())
        .isGreaterThanOrEqualTo(twin.bill().total().output())
        .isLessThanOrEqualTo(500);
  }

  @Test
  void an_answer_that_ends_with_an_error_is_none() throws Exception {
    String body = "{\"choices\":[{\"message\":{\"content\":\"so\"},\"finish_reason\":\"error\"}]}";
    twin.script().next(Scene.of(new Mishap.Answers(200, Map.of(), "application/json", body)));
    Reply reply =
        ask("http://localhost/v1", "other", Vendor.ask("m", false, Message.User.says("?")));
    assertThat(reply).isInstanceOf(Reply.Faulted.class);
    assertThat(((Reply.Faulted) reply).fault().kind()).isEqualTo(FaultKind.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void what_a_server_does_not_take_is_said_in_its_own_words(boolean stream) throws Exception {
    ProviderCall call = Vendor.ask("m", stream, Message.User.says("?"));
    call = Vendor.with(call, SEEDED);
    Reply reply = ask("http://localhost/v1", "mistral", call);
    assertThat(reply).isInstanceOf(Reply.Faulted.class);
    Fault fault = ((Reply.Faulted) reply).fault();
    assertThat(fault.kind()).isEqualTo(FaultKind.CALLERS_MISTAKE);
    assertThat(fault.detail()).contains("extra_forbidden", "seed");
  }
}
