package dev.capstan.llm.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Delta;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Part;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.chat.ToolChoice;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.provider.wire.Wire;
import dev.capstan.twin.Mishap;
import dev.capstan.twin.Scene;
import dev.capstan.twin.VendorTwin;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole conversations with every vendor's twin, which refuses what the vendor would refuse. */
class ConversationIT {
  private static final ToolOffer WEATHER =
      new ToolOffer(
          "weather",
          "How warm it is",
          Json.parse("{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}"));
  private static final VendorTwin twin = VendorTwin.start();
  private static final Wire wire = Vendor.wire();

  @AfterAll
  static void close() {
    wire.close();
    twin.close();
  }

  @BeforeEach
  void forget() {
    twin.script().forget();
    twin.bill().forget();
  }

  static Stream<Arguments> ways() {
    return Stream.of(Vendor.values())
        .flatMap(vendor -> Stream.of(Arguments.of(vendor, false), Arguments.of(vendor, true)));
  }

  private static Answer answered(Vendor vendor, ProviderCall call, DeltaSink sink)
      throws InterruptedException {
    Reply reply = vendor.at(twin, wire).call(call, sink);
    assertThat(reply).isInstanceOf(Reply.Answered.class);
    return ((Reply.Answered) reply).answer();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void an_answer_comes_with_the_usage_that_is_billed(Vendor vendor, boolean stream)
      throws Exception {
    twin.script()
        .always(
            Scene.says("Grüße, 🎡!")
                .counts(new Scene.Count(90, 40, 0, 10, null, true, true, true)));
    StringBuilder heard = new StringBuilder();
    ProviderCall call =
        Vendor.ask("m", stream, new Message.Instructions("Be kind."), Message.User.says("Hi"));
    Answer answer =
        answered(
            vendor,
            call,
            delta -> {
              if (delta instanceof Delta.Text(var text)) {
                heard.append(text);
              }
            });
    assertThat(answer.message().text()).isEqualTo("Grüße, 🎡!");
    assertThat(heard).hasToString(stream ? "Grüße, 🎡!" : "");
    assertThat(answer.finish()).isEqualTo(FinishReason.STOP);
    var billed = twin.bill().total();
    Usage usage = answer.usage();
    assertThat(usage.inputTokens()).isEqualTo(billed.input()).isEqualTo(90);
    assertThat(usage.cachedInputTokens()).isEqualTo(40);
    assertThat(usage.outputTokens()).isEqualTo(billed.output());
    assertThat(usage.reported()).isTrue();
  }

  /** A question to which the vendor will want the weather of a city and of Rome. */
  private Message asksForTheWeather(String city) {
    twin.script()
        .next(
            Scene.says("I look.")
                .thinks("Oslo and Rome")
                .wants("weather", "{\"city\":\"" + city + "\"}")
                .wants("weather", "{\"city\":\"Rome\"}"),
            Scene.says("Cold and warm."));
    return Message.User.says("weather?");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void tools_are_asked_for_in_parallel_and_answered(Vendor vendor, boolean stream)
      throws Exception {
    Message question = asksForTheWeather("Oslo, the capital");
    List<Delta> deltas = new ArrayList<>();
    Answer wish =
        answered(vendor, Vendor.with(Vendor.ask("m", stream, question), WEATHER), deltas::add);
    assertThat(wish.finish()).isEqualTo(FinishReason.TOOL_CALLS);
    var requests = wish.message().toolRequests();
    assertThat(requests).hasSize(2);
    assertThat(Json.parse(requests.get(0).arguments()))
        .isEqualTo(Json.parse("{\"city\":\"Oslo, the capital\"}"));
    assertThat(requests.get(0).id()).isNotEmpty().isNotEqualTo(requests.get(1).id());
    assertThat(deltas.stream().filter(Delta.ToolStarted.class::isInstance)).hasSize(stream ? 2 : 0);
    Message cold = new Message.ToolResult(requests.get(0).id(), "weather", "2 degrees", false);
    Message lost = new Message.ToolResult(requests.get(1).id(), "weather", "no such city", true);
    ProviderCall next = Vendor.ask("m", stream, question, wish.message(), cold, lost);
    Answer answer = answered(vendor, Vendor.with(next, WEATHER), DeltaSink.NOBODY);
    assertThat(answer.message().text()).isEqualTo("Cold and warm.");
    String wanted =
        switch (vendor) {
          case DEEPSEEK -> "\"reasoning_content\":\"Oslo and Rome\"";
          case GEMINI -> "thoughtSignature";
          case MESSAGES -> "\"signature\":\"sig";
          default -> "";
        };
    assertThat(wish.message().keepsake() != null).isEqualTo(!wanted.isEmpty());
    assertThat(twin.asks().getLast().body().toString()).contains(wanted);
    assertThat(wish.message().text()).isEqualTo("I look.");
  }

  @ParameterizedTest
  @EnumSource
  void the_gateway_hears_that_a_model_thinks_where_its_vendor_says_so(Vendor vendor)
      throws Exception {
    AtomicInteger thoughts = new AtomicInteger();
    DeltaSink listener =
        new DeltaSink() {
          @Override
          public void next(Delta delta) {}

          @Override
          public void thinks() {
            thoughts.incrementAndGet();
          }
        };
    ProviderCall call = Vendor.with(Vendor.ask("m", true, asksForTheWeather("Oslo")), WEATHER);
    answered(vendor, call, listener);
    boolean keepsItToItself = vendor == Vendor.CHAT || vendor == Vendor.COMPATIBLE;
    assertThat(thoughts.get() > 0).isEqualTo(!keepsItToItself);
    twin.script().forget();
    twin.script().next(Scene.says("at once"));
    thoughts.set(0);
    answered(vendor, call, listener);
    assertThat(thoughts).hasValue(0);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void calls_go_by_the_ids_that_their_results_are_told_by_also_in_what_the_vendor_wants_back(
      Vendor vendor, boolean stream) throws Exception {
    Message question = asksForTheWeather("Oslo");
    ProviderCall ask = Vendor.with(Vendor.ask("m", stream, question), WEATHER);
    Message.Assistant wish = answered(vendor, ask, DeltaSink.NOBODY).message();
    List<Message> told = new ArrayList<>(List.of(question));
    List<ToolRequest> distinct =
        Stream.of(0, 1)
            .map(i ->
                new ToolRequest("ours_" + i, "weather", wish.toolRequests().get(i).arguments()))
            .toList();
    told.add(new Message.Assistant(wish.text(), distinct, wish.keepsake()));
    told.add(new Message.ToolResult("ours_0", "weather", "2 degrees", false));
    told.add(new Message.ToolResult("ours_1", "weather", "30 degrees", false));
    ProviderCall next = Vendor.ask("m", stream, told.toArray(Message[]::new));
    Answer answer = answered(vendor, Vendor.with(next, WEATHER), DeltaSink.NOBODY);
    assertThat(answer.message().text()).isEqualTo("Cold and warm.");
    if (vendor == Vendor.MESSAGES) {
      assertThat(twin.asks().getLast().body().toString())
          .contains("\"signature\":\"sig")
          .doesNotContain(wish.toolRequests().get(0).id());
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void calls_of_other_vendors_are_told_by_ids_that_this_one_takes(Vendor vendor, boolean stream)
      throws Exception {
    List<String> ids =
        List.of("functions.weather:0", "x".repeat(41), "y|z/".repeat(30), "call_1", "é", "");
    List<Message> told = new ArrayList<>(List.of(Message.User.says("weather?")));
    told.add(
        new Message.Assistant(
            "", ids.stream().map(id -> new ToolRequest(id, "weather", "{}")).toList(), null));
    ids.forEach(id -> told.add(new Message.ToolResult(id, "weather", "2 degrees", false)));
    told.add(Message.Assistant.says("Cold."));
    told.add(Message.User.says("Sure?"));
    ProviderCall call = Vendor.ask("m", stream, told.toArray(Message[]::new));
    answered(vendor, Vendor.with(call, WEATHER), DeltaSink.NOBODY);
    String body = twin.asks().getLast().body().toString();
    if (vendor == Vendor.COMPATIBLE || vendor == Vendor.DEEPSEEK) {
      assertThat(body).contains(ids.subList(0, 5));
    } else {
      assertThat(body).doesNotContain("y|z/");
    }
    if (vendor == Vendor.CHAT) {
      assertThat(body).doesNotContain("x".repeat(41)).contains("functions.weather:0", "é");
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void another_vendors_keepsake_and_odd_arguments_are_understood(Vendor vendor, boolean stream)
      throws Exception {
    var request = new ToolRequest("call_1", "weather", "not json");
    var keepsake = new Message.Keepsake("elsewhere", Json.parse("[{\"secret\":1}]"));
    Message said = new Message.Assistant("", List.of(request), keepsake);
    Message result = new Message.ToolResult("call_1", "weather", "2", false);
    ProviderCall call =
        Vendor.ask("m", stream, Message.User.says("?"), said, result, Message.User.says("well?"));
    answered(vendor, Vendor.with(call, WEATHER), DeltaSink.NOBODY);
    assertThat(twin.asks().getLast().body().toString()).doesNotContain("secret");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void every_wish_of_the_caller_is_one_that_the_vendor_accepts(Vendor vendor, boolean stream)
      throws Exception {
    var schema =
        Json.parse(
            """
            {"type":"object","properties":{"n":{"type":"integer"}},
             "required":["n"],"additionalProperties":false}\
            """);
    var image =
        new Message.User(List.of(new Part.Text("see"), new Part.Image("image/png", "AA==")));
    List<AnswerFormat> formats =
        List.of(
            new AnswerFormat.FreeText(),
            new AnswerFormat.JsonObject(),
            new AnswerFormat.BySchema("number", schema, true));
    List<ToolChoice> choices =
        List.of(
            new ToolChoice.Auto(),
            new ToolChoice.None(),
            new ToolChoice.Required(),
            new ToolChoice.Named("weather"));
    for (AnswerFormat format : formats) {
      for (ToolChoice choice : choices) {
        for (boolean parallel : List.of(true, false)) {
          Sampling sampling = new Sampling(100, 1.5, 0.9, 7L, List.of("END"), choice, parallel);
          ProviderCall call = Vendor.with(Vendor.ask("m", stream, image), sampling);
          answered(vendor, Vendor.with(Vendor.with(call, WEATHER), format), DeltaSink.NOBODY);
        }
      }
    }
    assertThat(twin.bill().requests()).isEqualTo(24);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void an_answer_ends_at_its_bound_or_for_its_content(Vendor vendor, boolean stream)
      throws Exception {
    twin.script().next(Scene.says("a ".repeat(2_000)), Scene.says("no").cutForItsContent());
    ProviderCall call = Vendor.ask("m", stream, Message.User.says("?"));
    Answer cut = answered(vendor, call, DeltaSink.NOBODY);
    assertThat(cut.finish()).isEqualTo(FinishReason.LENGTH);
    assertThat(cut.usage().outputTokens()).isEqualTo(500);
    assertThat(answered(vendor, call, DeltaSink.NOBODY).finish())
        .isEqualTo(FinishReason.CONTENT_FILTER);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void usage_that_is_not_told_is_counted_and_never_too_low(Vendor vendor, boolean stream)
      throws Exception {
    twin.script().always(Scene.says("ünïcödé 🎡🎡 text").wants("weather", "{}").withoutUsage());
    ProviderCall call = Vendor.ask("m", stream, Message.User.says("Wie geht's, 世界?"));
    Usage usage = answered(vendor, Vendor.with(call, WEATHER), DeltaSink.NOBODY).usage();
    assertThat(usage.reported()).isFalse();
    assertThat(usage.inputTokens()).isGreaterThanOrEqualTo(twin.bill().total().input());
    assertThat(usage.outputTokens()).isGreaterThanOrEqualTo(twin.bill().total().output());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void odd_framing_changes_nothing(Vendor vendor, boolean stream) throws Exception {
    for (Scene.Framing framing : Scene.Framing.values()) {
      Scene odd =
          Scene.says("Grüße aus Köln, 🎡!").wants("weather", "{\"city\":\"Köln\"}").framed(framing);
      twin.script().always(odd);
      ProviderCall call = Vendor.with(Vendor.ask("m", stream, Message.User.says("?")), WEATHER);
      Answer answer = answered(vendor, call, DeltaSink.NOBODY);
      assertThat(answer.message().text()).as("%s", framing).isEqualTo("Grüße aus Köln, 🎡!");
      assertThat(answer.message().toolRequests()).hasSize(1);
      assertThat(answer.usage().reported()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void a_caller_who_wants_no_more_is_charged_for_what_it_heard(Vendor vendor, boolean stream)
      throws Exception {
    twin.script().always(Scene.of(Mishap.garbles(Mishap.Garble.NEVER_ENDING)));
    if (!stream) {
      return;
    }
    Reply reply =
        vendor
            .at(twin, wire)
            .call(
                Vendor.ask("m", true, Message.User.says("?")),
                delta -> {
                  throw new IllegalStateException("enough");
                });
    assertThat(reply)
        .isInstanceOfSatisfying(
            Reply.Faulted.class,
            faulted -> {
              assertThat(faulted.fault().vendorCode()).isEqualTo("caller_left");
              assertThat(faulted.fault().afterFirstToken()).isTrue();
            });
  }
}
