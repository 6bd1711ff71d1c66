package dev.capstan.tools;

import dev.capstan.engine.step.Checkpoints;
import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.journal.StepRef;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import tools.jackson.databind.JsonNode;

/** Calls as the engine would make them. */
public final class Calls {
  private Calls() {}

  public static ToolCall of(JsonNode input) {
    return keyed("key", input);
  }

  public static ToolCall of(String input) {
    return of(Json.parse(input));
  }

  public static ToolCall keyed(String key, JsonNode input) {
    return new ToolCall(
        new RunId(1),
        TenantId.LOCAL,
        StepRef.of("s"),
        1,
        key,
        input,
        null,
        progress -> {},
        Checkpoints.NONE);
  }

  /** The output; fails loudly for a failure. */
  public static JsonNode output(Tool tool, ToolCall call) throws InterruptedException {
    return switch (tool.call(call)) {
      case Outcome.Completed completed -> completed.output();
      case Outcome other -> throw new AssertionError(other.toString());
    };
  }

  public static Problem problem(Tool tool, ToolCall call) throws InterruptedException {
    return failure(tool, call).problem();
  }

  public static Outcome.Failed failure(Tool tool, ToolCall call) throws InterruptedException {
    return switch (tool.call(call)) {
      case Outcome.Failed failed -> failed;
      case Outcome other -> throw new AssertionError(other.toString());
    };
  }
}
