package dev.capstan.server.rehearsal;

import dev.capstan.journal.EventCodec;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.journal.StepState;
import dev.capstan.kernel.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Where two runs of one plan came to something else. */
public final class Comparison {
  /** One thing that is not the same; null stands for nothing. */
  public record Difference(String what, @Nullable JsonNode recorded, @Nullable JsonNode now) {}

  private final List<Difference> differences = new ArrayList<>();

  private Comparison() {}

  public static List<Difference> of(RunState recorded, RunState now) {
    Comparison comparison = new Comparison();
    for (StepState step : recorded.steps()) {
      comparison.step(step, now.step(step.step().id()));
    }
    comparison.compare("the end", end(recorded.terminal()), end(now.terminal()));
    return List.copyOf(comparison.differences);
  }

  private void step(StepState recorded, StepState now) {
    String name = "step " + recorded.step().id();
    compare(
        name + " status",
        Json.text(recorded.status().wireName()),
        Json.text(now.status().wireName()));
    compare(name + " output", recorded.output(), now.output());
  }

  private static @Nullable JsonNode end(RunEvent.@Nullable Terminal end) {
    return end == null
        ? null
        : Json.object().set(EventCodec.wireName(end), Json.parse(EventCodec.encode(end)));
  }

  private void compare(String what, @Nullable JsonNode recorded, @Nullable JsonNode now) {
    String before = recorded == null ? "" : Json.write(recorded);
    String after = now == null ? "" : Json.write(now);
    if (!before.equals(after)) {
      differences.add(new Difference(what, recorded, now));
    }
  }
}
