package dev.capstan.llm.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.llm.Carried;
import dev.capstan.llm.chat.Delta;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.provider.wire.Wire;
import dev.capstan.twin.Scene;
import dev.capstan.twin.VendorTwin;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Models of Gemini that go on only where the calls of earlier turns are signed. */
class SignaturesIT {
  private static final VendorTwin twin = VendorTwin.start();
  private static final Wire wire = Vendor.wire();
  private static final String LATE = "gemini-3-flash-preview";
  private static final Message QUESTION = Message.User.says("?");
  private static final ToolOffer LOOK =
      new ToolOffer("look", "Looks", Json.parse("{\"type\":\"object\"}"));

  @AfterAll
  static void close() {
    wire.close();
    twin.close();
  }

  @BeforeEach
  void forget() {
    twin.script().forget();
  }

  private static Message.Assistant said(String model, boolean stream, DeltaSink sink)
      throws InterruptedException {
    twin.script()
        .next(Scene.says("I look.").thinks("where?").wants("look", "{}").wants("look", "[]"));
    ProviderCall call = Vendor.with(Vendor.ask(model, stream, QUESTION), LOOK);
    Reply reply = Vendor.GEMINI.at(twin, wire).call(call, sink);
    return ((Reply.Answered) reply).answer().message();
  }

  /** Tells the turn and its results, and gives what the vendor was told. */
  private static JsonNode goesOn(String model, boolean stream, Message.Assistant said)
      throws InterruptedException {
    List<Message> told = new ArrayList<>(List.of(QUESTION, said));
    for (ToolRequest request : said.toolRequests()) {
      told.add(new Message.ToolResult(request.id(), request.tool(), "nothing", false));
    }
    twin.script().next(Scene.says("so"));
    ProviderCall call = Vendor.ask(model, stream, told.toArray(Message[]::new));
    Reply reply = Vendor.GEMINI.at(twin, wire).call(Vendor.with(call, LOOK), DeltaSink.NOBODY);
    assertThat(reply).as(() -> reply.toString()).isInstanceOf(Reply.Answered.class);
    return twin.asks().getLast().body().path("contents");
  }

  private static List<String> found(JsonNode contents, String field) {
    return contents.findValuesAsString(field);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_model_is_told_what_it_signed_and_numbered(boolean stream) throws Exception {
    Message.Assistant said = said(LATE, stream, DeltaSink.NOBODY);
    JsonNode contents = goesOn(LATE, stream, said);
    assertThat(found(contents, "thoughtSignature"))
        .isEqualTo(found(kept(said), "thoughtSignature"));
    assertThat(found(contents, "id")).hasSize(4).isEqualTo(twice(found(kept(said), "id")));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void an_id_that_comes_again_is_told_only_where_the_vendor_gave_it(boolean stream)
      throws Exception {
    Message.Assistant own = said(LATE, stream, DeltaSink.NOBODY);
    Message.Assistant foreign = new Message.Assistant("", own.toolRequests(), null);
    List<Message> told = new ArrayList<>();
    for (Message.Assistant turn : List.of(own, foreign)) {
      told.add(QUESTION);
      told.add(turn);
      for (ToolRequest request : turn.toolRequests()) {
        told.add(new Message.ToolResult(request.id(), request.tool(), "nothing", false));
      }
    }
    twin.script().next(Scene.says("so"));
    ProviderCall call = Vendor.ask(LATE, stream, told.toArray(Message[]::new));
    assertThat(Vendor.GEMINI.at(twin, wire).call(Vendor.with(call, LOOK), DeltaSink.NOBODY))
        .isInstanceOf(Reply.Answered.class);
    assertThat(found(twin.asks().getLast().body().path("contents"), "id")).hasSize(4);
  }

  private static JsonNode kept(Message.Assistant said) {
    assertThat(said.keepsake()).isNotNull();
    return said.keepsake().content();
  }

  private static List<String> twice(List<String> ids) {
    List<String> twice = new ArrayList<>(ids);
    twice.addAll(ids);
    return twice;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_turn_of_another_vendors_is_passed_unsigned(boolean stream) throws Exception {
    List<ToolRequest> requests =
        List.of(new ToolRequest("call_1", "look", "{}"), new ToolRequest("call_2", "look", "{}"));
    Message.Keepsake foreign =
        new Message.Keepsake("anthropic", Json.parse("[{\"signature\":\"x\"}]"));
    Message.Assistant said = new Message.Assistant("I look.", requests, foreign);
    for (String model : List.of(LATE, "gemini-flash-latest", "gemini-4-pro")) {
      assertThat(found(goesOn(model, stream, said), "thoughtSignature"))
          .containsExactly("skip_thought_signature_validator");
    }
    for (String model : List.of("gemini-2.5-pro", "gemini-1.5-flash", "gemma-3-27b-it")) {
      assertThat(found(goesOn(model, stream, said), "thoughtSignature")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_turn_of_a_model_that_did_not_sign_passes_at_one_that_does(boolean stream)
      throws Exception {
    ToolRequest request = new ToolRequest("call_1", "look", "{}");
    JsonNode parts =
        Json.parse(
            "[{\"text\":\"I\",\"thoughtSignature\":\"c2VhbA==\"},"
                + "{\"functionCall\":{\"name\":\"look\",\"args\":{}}}]");
    Message.Keepsake kept = new Message.Keepsake("gcp.gemini", parts);
    Message.Assistant said = new Message.Assistant("I", List.of(request), kept);
    assertThat(found(goesOn(LATE, stream, said), "thoughtSignature"))
        .containsExactly("c2VhbA==", "skip_thought_signature_validator");
    assertThat(found(goesOn("gemini-2.5-pro", stream, said), "thoughtSignature"))
        .containsExactly("c2VhbA==");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoever_carries_signatures_himself_goes_on_as_well(boolean stream) throws Exception {
    List<String> streamed = new ArrayList<>();
    Message.Assistant said =
        said(
            LATE,
            stream,
            delta -> {
              if (delta instanceof Delta.ToolStarted tool) {
                streamed.add(tool.signature());
              }
            });
    List<String> signatures = Carried.by(said).signatures();
    assertThat(signatures).hasSize(2).last().isEqualTo("");
    assertThat(streamed).isEqualTo(stream ? signatures : List.of());
    Message.Assistant carried = new Carried("", signatures).turn(said.text(), said.toolRequests());
    assertThat(found(goesOn(LATE, stream, carried), "thoughtSignature"))
        .containsExactly(signatures.getFirst());
    Message.Assistant lost = new Carried("", List.of()).turn(said.text(), said.toolRequests());
    assertThat(lost.keepsake()).isNull();
    assertThat(found(goesOn(LATE, stream, lost), "thoughtSignature"))
        .containsExactly("skip_thought_signature_validator");
  }
}
