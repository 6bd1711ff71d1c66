package dev.capstan.agents.replay;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import dev.capstan.llm.Gateway;
import dev.capstan.llm.ModelCall;
import dev.capstan.llm.Patience;
import dev.capstan.llm.Told;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.DeltaSink;
import java.util.AbstractList;
import java.util.List;
import java.util.function.Function;

/** A gateway with no provider behind it: models say what they said when it was recorded. */
public final class RecordedGateway implements Gateway {
  private final Tape tape;
  private final Function<RunId, String> place;

  /**
   * @param place the steps that a run is a sub-run of, each with a slash behind it; empty for the
   *     run itself
   */
  public RecordedGateway(Tape tape, Function<RunId, String> place) {
    this.tape = tape;
    this.place = place;
  }

  @Override
  public Told ask(ModelCall call, DeltaSink sink, Patience.WaitListener listener) {
    RunId run = call.origin().run();
    String step = (run == null ? "" : place.apply(run)) + call.origin().step();
    Asked asked = Asked.of(call);
    RecordedAnswer.Said said =
        tape.answer(step, asked)
            .orElseGet(() ->
                new RecordedAnswer.Fell(
                    Problem.of(
                        ProblemCode.NOT_FOUND,
                        "no answer was recorded to turn " + asked.turn() + " of " + step)));
    return switch (said) {
      case RecordedAnswer.Spoke spoke ->
          new Told.Answered(
              new Answer("", spoke.model(), spoke.message(), spoke.finish(), spoke.usage()),
              spoke.provider(),
              false,
              spoke.cost(),
              List.of());
      case RecordedAnswer.Fell fell ->
          new Told.Failed(fell.problem(), null, null, Money.ZERO, List.of());
    };
  }

  /** Whatever it is called: who answers is on the tape. */
  @Override
  public List<String> models() {
    return new AnyModel();
  }

  private static final class AnyModel extends AbstractList<String> {
    @Override
    public String get(int index) {
      return "recorded";
    }

    @Override
    public int size() {
      return 1;
    }

    @Override
    public boolean contains(Object name) {
      return true;
    }
  }
}
