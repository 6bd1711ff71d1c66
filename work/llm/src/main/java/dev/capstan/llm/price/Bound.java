package dev.capstan.llm.price;

import dev.capstan.kernel.Money;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolOffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The most tokens that a call can be billed for. A token of text is at least one byte of UTF-8, so
 * that the bytes of all that is sent bound the tokens that go in, whatever the vendor's tokenizer;
 * where it is known the words can be counted. What the vendor adds of its own is allowed for. What
 * comes out is bounded by what the call asks for at most.
 *
 * @param inputTokens never too low
 * @param outputTokens what the call asks for at most; all that the model can say when it does not
 */
public record Bound(long inputTokens, int outputTokens) {
  /** All that a call sends. */
  public record Sent(List<Message> messages, List<ToolOffer> tools, AnswerFormat format) {
    public Sent {
      messages = List.copyOf(messages);
      tools = List.copyOf(tools);
    }
  }

  /** The bound of a call to this model, by bytes. */
  public static Bound of(ModelPrice model, Sent sent, @Nullable Integer maxOutputTokens) {
    return bound(model, new InputGauge(Bound::bytes).tokens(sent), maxOutputTokens);
  }

  /**
   * The same with its words counted by the model's own tokenizer, which takes a millisecond for
   * some kilobytes; empty where nobody knows it.
   */
  public static Optional<Bound> counted(
      ModelPrice model, Sent sent, @Nullable Integer maxOutputTokens) {
    return Optional.ofNullable(model.tokenizer())
        .map(tokenizer -> new InputGauge(tokenizer::tokens).tokens(sent))
        .map(input -> bound(model, input, maxOutputTokens));
  }

  private static Bound bound(ModelPrice model, long input, @Nullable Integer maxOutputTokens) {
    return new Bound(input, maxOutputTokens == null ? model.mostOutput() : maxOutputTokens);
  }

  /** What so many tokens cost at most. */
  public Money atMost(ModelPrice model) {
    return model.atMost(inputTokens, outputTokens);
  }

  /** In UTF-8, counted without writing it. */
  static long bytes(String text) {
    long bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (letter >= 0x80) {
        // A pair of surrogates is four bytes for two letters; half of one becomes three.
        bytes += letter < 0x800 ? 1 : Character.isSurrogate(letter) && isPair(text, i) ? 1 : 2;
      }
    }
    return bytes;
  }

  private static boolean isPair(String text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
  }
}
