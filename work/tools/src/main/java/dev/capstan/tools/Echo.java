package dev.capstan.tools;

import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.kernel.Json;
import dev.capstan.plan.Effect;
import dev.capstan.plan.ToolSpec;

/** Returns what it is given: for examples, benches, and reshaping values between steps. */
public final class Echo implements Tool {
  private static final ToolSpec SPEC =
      new ToolSpec("echo", "Returns its input.", Json.object(), Json.object(), Effect.PURE);

  @Override
  public ToolSpec spec() {
    return SPEC;
  }

  @Override
  public Outcome call(ToolCall call) {
    return Outcome.completed(call.input());
  }
}
