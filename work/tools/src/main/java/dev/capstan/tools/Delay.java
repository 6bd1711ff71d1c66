package dev.capstan.tools;

import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.kernel.Json;
import dev.capstan.plan.Effect;
import dev.capstan.plan.ToolSpec;
import java.time.Duration;

/**
 * The tool {@code wait}: holds its step busy for some seconds, showing life every second. It stands
 * for long work in examples and tests; it loses what it has waited in a crash. To wait durably and
 * at no cost write a {@code wait} step, not this tool.
 */
public final class Delay implements Tool {
  private static final ToolSpec SPEC =
      new ToolSpec(
          "wait",
          "Keeps a step busy for some seconds, as long work would.",
          Json.parse(
              """
              {"type": "object", "required": ["seconds"], "additionalProperties": false,
               "properties": {"seconds": {"type": "number", "minimum": 0, "maximum": 3600}}}
              """),
          Json.parse(
              """
              {"type": "object", "required": ["waited_seconds"], "additionalProperties": false,
               "properties": {"waited_seconds": {"type": "number"}}}
              """),
          Effect.PURE);

  private static final long BEAT_MILLIS = 1_000;

  /** Time that passes; {@code Thread::sleep} in production. */
  @FunctionalInterface
  public interface Pause {
    void pass(Duration time) throws InterruptedException;
  }

  private final Pause pause;

  public Delay(Pause pause) {
    this.pause = pause;
  }

  @Override
  public ToolSpec spec() {
    return SPEC;
  }

  @Override
  public Outcome call(ToolCall call) throws InterruptedException {
    var seconds = call.input().path("seconds").decimalValue();
    long total = seconds.movePointRight(3).longValue();
    long waited = 0;
    while (waited < total) {
      long next = Math.min(BEAT_MILLIS, total - waited);
      pause.pass(Duration.ofMillis(next));
      waited += next;
      call.pulse().beat(Json.object().put("waited_ms", waited).put("of_ms", total));
    }
    return Outcome.completed(Json.object().put("waited_seconds", seconds));
  }
}
