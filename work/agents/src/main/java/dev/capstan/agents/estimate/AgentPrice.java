package dev.capstan.agents.estimate;

import dev.capstan.agents.agent.AgentBounds;
import dev.capstan.kernel.Money;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.config.ModelSettings;
import dev.capstan.llm.price.Bound;
import dev.capstan.llm.price.ModelPrice;
import java.util.List;

/** What one agent's work on one task costs with one model, by what bounds it. */
final class AgentPrice {
  /** Bytes of text that are a token, usually and at most. */
  private static final int USUAL_BYTES = 4;

  private static final int MOST_BYTES = 6;

  private static final int USUAL_ANSWER = 400;
  private static final int USUAL_RESULT = 500;
  private static final int USUAL_TURNS = 3;

  /**
   * What a tool's result may add to the next turn, and what is said of an answer that will not do.
   */
  private static final long LONGEST_RESULT = 64_100;

  private static final long REMARK = 1_000;

  private final AgentBounds bounds;
  private final ModelPrice price;
  private final int answer;
  private final long opening;
  private final long openingAtMost;

  AgentPrice(AgentBounds bounds, ModelSettings model, ModelPrice price, List<ToolOffer> offers) {
    this.bounds = bounds;
    this.price = price;
    Integer wanted = bounds.outputTokens();
    this.answer =
        Math.min(wanted == null ? model.defaultOutputTokens() : wanted, model.mostOutputTokens());
    Bound.Sent first = new Bound.Sent(bounds.opening(), offers, bounds.format());
    this.opening = Bound.of(price, first, answer).inputTokens();
    this.openingAtMost =
        Bound.counted(price, first, answer).map(Bound::inputTokens).orElse(opening);
  }

  Range range() {
    return new Range(least(), likely(), most());
  }

  /** One turn of one token. */
  private Money least() {
    return price.of(usage(opening / MOST_BYTES, 1));
  }

  private boolean acts() {
    return !bounds.tools().isEmpty();
  }

  int likelyTurns() {
    return acts() ? Math.min(bounds.turns(), USUAL_TURNS) : 1;
  }

  int likelyAnswer() {
    return Math.min(answer, USUAL_ANSWER);
  }

  private Money likely() {
    Money sum = Money.ZERO;
    long input = opening / USUAL_BYTES;
    for (int turn = 0; turn < likelyTurns(); turn++) {
      sum = sum.plus(price.of(usage(input, likelyAnswer())));
      input += likelyAnswer() + (acts() ? USUAL_RESULT : 0);
    }
    return sum;
  }

  /** Every turn, each as long as it may be; or all tokens that it may use, if that is less. */
  private Money most() {
    Money byTurns = Money.ZERO;
    long input = openingAtMost;
    for (int turn = 0; turn < bounds.turns(); turn++) {
      byTurns = byTurns.plus(price.atMost(input, answer));
      input += answer + (acts() ? LONGEST_RESULT : REMARK);
    }
    long tokens = Math.clamp(bounds.tokens(), 0, Integer.MAX_VALUE);
    Money last = price.atMost(Math.max(openingAtMost, tokens) + LONGEST_RESULT, answer);
    Money byTokens = price.atMost(tokens, 0).max(price.atMost(0, tokens)).plus(last);
    return byTurns.min(byTokens);
  }

  private static Usage usage(long input, long output) {
    return new Usage(input, 0, 0, output, 0, true);
  }
}
