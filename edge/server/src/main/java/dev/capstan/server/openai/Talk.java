package dev.capstan.server.openai;

import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.llm.chat.Delta;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Usage;
import dev.capstan.plan.Plan;
import dev.capstan.views.EventStream;
import dev.capstan.views.Progress;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a run says: the words of its last step as they come, and at its end the answer. Live words
 * may be missed, and what was said is in the journal: so a turn is told as far as it was heard
 * without a gap, and the rest of it once it is durable.
 */
final class Talk {
  private final String answering;
  private final String last;
  private final DeltaSink sink;
  private final StringBuilder turn = new StringBuilder();
  private String said = "";
  private FinishReason finish = FinishReason.STOP;
  private int turns;
  private long input;
  private long output;
  private Money cost = Money.ZERO;

  /**
   * @param live whether what is said on the way is told; the answer always is
   */
  Talk(Plan plan, DeltaSink sink, boolean live) {
    this.answering = plan.steps().getLast().id();
    this.last = live ? answering : "";
    this.sink = sink;
  }

  void hear(EventStream.Batch batch) {
    batch.progress().forEach(this::hear);
    batch.events().forEach(this::hear);
  }

  private void hear(Progress progress) {
    JsonNode news = progress.progress();
    boolean goesOn =
        progress.step().toString().equals(last)
            && !news.has("delegation")
            && news.path("turn").asInt(0) == turns + 1
            && news.path("at").asInt(-1) == turn.length();
    if (goesOn) {
      tell(news.path("text").asString(""));
    }
  }

  private void hear(Recorded recorded) {
    switch (recorded.event()) {
      case RunEvent.StepCheckpointed kept when kept.key().equals("turn") -> {
        if (kept.step().toString().equals(last)) {
          end(kept.value().path("message").path("text").asString(""));
        }
      }
      case RunEvent.StepCompleted done -> {
        count(done.output());
        if (done.step().toString().equals(answering)) {
          finish(done.output());
        }
      }
      default -> {}
    }
  }

  /** A turn is durable: what was not heard of it yet is told now. */
  private void end(String whole) {
    if (whole.startsWith(turn.toString())) {
      tell(whole.substring(turn.length()));
    }
    if (!turn.isEmpty()) {
      said = turn.toString();
    }
    turn.setLength(0);
    turns++;
  }

  private void tell(String text) {
    if (text.isEmpty()) {
      return;
    }
    if (turn.isEmpty() && !said.isEmpty()) {
      sink.next(new Delta.Text("\n\n"));
    }
    turn.append(text);
    sink.next(new Delta.Text(text));
  }

  private void count(@Nullable JsonNode output) {
    if (output != null && output.path("cost").isString()) {
      input += output.path("input_tokens").asLong(0);
      output(output.path("output_tokens").asLong(0));
      cost = cost.plus(Money.dollars(output.path("cost").stringValue()));
    }
  }

  private void output(long tokens) {
    output += tokens;
  }

  private void finish(@Nullable JsonNode output) {
    boolean cut =
        output != null && output.path("finish").asString("").equals(FinishReason.LENGTH.wireName());
    finish = cut ? FinishReason.LENGTH : FinishReason.STOP;
  }

  /** Why the answer ends where it does. */
  FinishReason finish() {
    return finish;
  }

  Usage usage() {
    return new Usage(input, 0, 0, output, 0, true);
  }

  Money cost() {
    return cost;
  }

  /** The run's result as text; told now unless it was told as the last step's words. */
  String answer(Map<String, JsonNode> outputs) {
    JsonNode value = outputs.get("answer");
    if (value == null) {
      value = outputs.size() == 1 ? outputs.values().iterator().next() : Json.valueOf(outputs);
    }
    String answer = value.isString() ? value.stringValue() : Json.write(value);
    if (!answer.equals(said)) {
      tell(answer);
    }
    return answer;
  }
}
