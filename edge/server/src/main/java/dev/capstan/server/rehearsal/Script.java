package dev.capstan.server.rehearsal;

import dev.capstan.agents.replay.Recording;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.plan.Plan;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A run to be rehearsed.
 *
 * @param id as which it is known to its own expressions
 * @param at when it begins
 * @param recording what models and tools answer
 * @param given what people and programs tell it
 */
public record Script(
    RunId id,
    TenantId tenant,
    @Nullable String prompt,
    Plan plan,
    JsonNode inputs,
    Instant at,
    Recording recording,
    Given given) {
  /** What stands before the steps of the sub-run that this step waits for: {@code outer/}. */
  public static String within(String step, int iteration) {
    return step + (iteration > 0 ? "#" + iteration : "") + "/";
  }

  /** What is told to a run while it goes on. */
  public record Given(List<Approval> approvals, List<Signal> signals) {
    public static final Given NOTHING = new Given(List.of(), List.of());

    public Given {
      approvals = List.copyOf(approvals);
      signals = List.copyOf(signals);
    }
  }

  /**
   * @param step with the steps whose sub-runs it is in before it
   */
  public record Approval(String step, boolean approved, String by, @Nullable String comment) {}

  /**
   * @param place the steps whose sub-run it is for, each with a slash behind it; empty for the run
   */
  public record Signal(String place, String name, JsonNode payload, @Nullable String by) {}
}
