package dev.capstan.agents.planner;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.llm.Gateway;
import dev.capstan.llm.ModelCall;
import dev.capstan.llm.Patience;
import dev.capstan.llm.Told;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Usage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A gateway whose model says one thing after the other, and is away when it has said them. */
final class SaidModel implements Gateway {
  final List<ModelCall> asked = new ArrayList<>();
  private final Deque<String> words = new ArrayDeque<>();
  private FinishReason finish = FinishReason.STOP;

  SaidModel(String... words) {
    this.words.addAll(List.of(words));
  }

  SaidModel cutOff() {
    finish = FinishReason.LENGTH;
    return this;
  }

  @Override
  public Told ask(ModelCall call, DeltaSink sink, Patience.WaitListener listener) {
    asked.add(call);
    if (words.isEmpty()) {
      return new Told.Failed(
          Problem.of(ProblemCode.UNAVAILABLE, "nobody is there"),
          null,
          null,
          Money.ZERO,
          List.of());
    }
    return new Told.Answered(
        new Answer(
            "",
            call.model(),
            Message.Assistant.says(words.removeFirst()),
            finish,
            new Usage(1, 0, 0, 1, 0, true)),
        "said",
        false,
        Money.ZERO,
        List.of());
  }

  @Override
  public List<String> models() {
    return List.of("smart");
  }
}
