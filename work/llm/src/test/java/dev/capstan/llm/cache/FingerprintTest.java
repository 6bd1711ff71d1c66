package dev.capstan.llm.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.TenantId;
import dev.capstan.llm.ModelCall;
import dev.capstan.llm.Origin;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Part;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.chat.ToolChoice;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.chat.ToolRequest;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  /** All of a question that may differ. */
  private record Asked(
      String model,
      List<Message> messages,
      List<ToolOffer> tools,
      Sampling sampling,
      AnswerFormat format) {
    Fingerprint fingerprint(boolean stream) {
      return Fingerprint.of(
          new ModelCall(
              Origin.of(TenantId.LOCAL),
              model,
              messages,
              tools,
              sampling,
              format,
              stream,
              true,
              List.of(),
              Instant.EPOCH));
    }
  }

  private static Asked says(Message... messages) {
    return new Asked(
        "a", List.of(messages), List.of(), Sampling.DEFAULT, new AnswerFormat.FreeText());
  }

  private static Asked with(Sampling sampling) {
    return new Asked(
        "a", List.of(Message.User.says("hello")), List.of(), sampling, new AnswerFormat.FreeText());
  }

  private static Asked with(AnswerFormat format) {
    return new Asked("a", List.of(Message.User.says("hello")), List.of(), Sampling.DEFAULT, format);
  }

  private static Sampling choosing(Double temperature, ToolChoice choice) {
    return new Sampling(null, temperature, null, null, List.of(), choice, true);
  }

  @Test
  void the_same_question_has_the_same_fingerprint_streamed_or_not() {
    Asked hello = says(Message.User.says("hello"));
    assertThat(hello.fingerprint(true)).isEqualTo(hello.fingerprint(false));
    assertThat(hello.fingerprint(true).toString()).hasSize(64);
  }

  @Test
  void whatever_differs_in_a_question_differs_in_its_fingerprint() {
    List<Message> hello = List.of(Message.User.says("hello"));
    ToolOffer tool = new ToolOffer("t", "does", Json.object());
    AnswerFormat free = new AnswerFormat.FreeText();
    Message asks = new Message.Assistant("", List.of(new ToolRequest("hello", "", "")), null);
    List<Asked> all =
        List.of(
            says(Message.User.says("hello")),
            new Asked("b", hello, List.of(), Sampling.DEFAULT, free),
            says(Message.User.says("hello ")),
            says(new Message.Instructions("hello")),
            says(Message.Assistant.says("hello")),
            says(new Message.User(List.of(new Part.Text("hel"), new Part.Text("lo")))),
            says(new Message.User(List.of(new Part.Image("image/png", "hello")))),
            says(new Message.ToolResult("hello", "", "", false)),
            says(new Message.ToolResult("", "hello", "", false)),
            says(new Message.ToolResult("", "hello", "", true)),
            says(asks),
            new Asked("a", hello, List.of(tool), Sampling.DEFAULT, free),
            new Asked("a", hello, List.of(tool, tool), Sampling.DEFAULT, free),
            with(new AnswerFormat.JsonObject()),
            with(new AnswerFormat.BySchema("s", Json.object(), true)),
            with(new AnswerFormat.BySchema("s", Json.object(), false)),
            with(Sampling.DEFAULT.withMaxOutputTokens(7)),
            with(choosing(7.0, new ToolChoice.Auto())),
            with(choosing(null, new ToolChoice.Named("none"))),
            with(choosing(null, new ToolChoice.None())));
    Set<Fingerprint> different = new HashSet<>();
    all.forEach(each -> different.add(each.fingerprint(false)));
    assertThat(different).hasSize(all.size());
  }
}
