package dev.capstan.llm.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Part;
import dev.capstan.llm.chat.ToolOffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundTest {
  private static final ModelPrice MODEL =
      PriceTable.read(
              "model_costs: {m: {input: 0.001, output: 0.002, default_output: 100, max_output: 1000}}")
          .price("m");

  private static Bound of(List<Message> messages, List<ToolOffer> tools, Integer most) {
    return Bound.of(MODEL, new Bound.Sent(messages, tools, new AnswerFormat.FreeText()), most);
  }

  @Test
  void bytes_are_those_of_utf_8() {
    for (String text :
        List.of("", "plain", "Grüße", "日本語", "👩‍🚀", "a\uD83Db", "\uDE80", "\uD83D")) {
      long written = text.getBytes(StandardCharsets.UTF_8).length;
      assertThat(Bound.bytes(text)).as(text).isGreaterThanOrEqualTo(written);
    }
    assertThat(Bound.bytes("日本語 👩‍🚀 ü"))
        .isEqualTo("日本語 👩‍🚀 ü".getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void everything_that_is_sent_counts() {
    long plain = of(List.of(Message.User.says("hello")), List.of(), 10).inputTokens();
    ToolOffer tool = new ToolOffer("look", "looks it up", Json.parse("{\"type\":\"object\"}"));
    assertThat(of(List.of(Message.User.says("hello")), List.of(tool), 10).inputTokens())
        .isGreaterThan(plain + "looklooks it up".length());
    Message image = new Message.User(List.of(new Part.Image("image/png", "aGk=")));
    assertThat(of(List.of(image), List.of(), 10).inputTokens()).isGreaterThan(48_000);
    Message kept =
        new Message.Assistant(
            "", List.of(), new Message.Keepsake("anthropic", Json.text("x".repeat(5_000))));
    assertThat(of(List.of(kept), List.of(), 10).inputTokens()).isGreaterThan(5_000);
  }

  @Test
  void output_is_what_the_call_asks_for_at_most_or_all_that_the_model_can_say() {
    List<Message> messages = List.of(Message.User.says("hello"));
    assertThat(of(messages, List.of(), null).outputTokens()).isEqualTo(1_000);
    assertThat(of(messages, List.of(), 7).outputTokens()).isEqualTo(7);
    assertThat(MODEL.output(null)).isEqualTo(100);
    assertThat(MODEL.output(1_000_000)).isEqualTo(1_000);
  }

  @Test
  void a_model_that_billed_beyond_its_bound_is_bounded_higher_from_then_on() {
    Bounds bounds = new Bounds();
    Money most = Money.dollars("0.01");
    assertThat(bounds.raised("p", "m", 1_000)).isEqualTo(1_000);
    bounds.exceeded("p", "m", most, Money.dollars("0.02"));
    assertThat(bounds.raised("p", "m", 1_000)).isGreaterThan(2_000);
    assertThat(bounds.raised("p", "other", 1_000)).isEqualTo(1_000);
    bounds.exceeded("p", "m", Money.dollars("0.021"), Money.dollars("0.042"));
    assertThat(bounds.raised("p", "m", 1_000)).isGreaterThan(4_000);
  }
}
