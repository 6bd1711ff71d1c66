package dev.capstan.server.cases;

import dev.capstan.agents.memory.MemoryGroup;
import dev.capstan.kernel.Json;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/**
 * What a judge said of an output.
 *
 * @param model by the server's name
 * @param output tells the output from others
 */
record Verdict(String rubric, String model, String output, boolean pass, String reason) {
  private static final int SHOWN = 500;

  Verdict {
    Objects.requireNonNull(rubric);
    Objects.requireNonNull(model);
    Objects.requireNonNull(output);
    reason = reason.length() <= SHOWN ? reason : reason.substring(0, SHOWN) + "…";
  }

  static Verdict on(JsonNode output, Assertion.Judged wanted, boolean pass, String reason) {
    return new Verdict(wanted.rubric(), wanted.judge(), mark(output), pass, reason);
  }

  boolean isOf(Assertion.Judged wanted) {
    return rubric.equals(wanted.rubric()) && model.equals(wanted.judge());
  }

  boolean isOn(JsonNode other) {
    return output.equals(mark(other));
  }

  private static String mark(JsonNode output) {
    return MemoryGroup.digest(Json.write(output)).substring(0, 32);
  }
}
