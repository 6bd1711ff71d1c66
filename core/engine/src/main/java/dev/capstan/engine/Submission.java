package dev.capstan.engine;

import dev.capstan.kernel.TenantId;
import dev.capstan.plan.Plan;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run that somebody wants.
 *
 * @param prompt what a person asked for, when the plan was made from a prompt
 * @param planner who made the plan: {@code given}, {@code pattern}, …
 * @param priority among the tenant's own runs, -100 to 100, higher first
 * @param correlationId the caller's own name for the request, carried into logs and events
 * @param idempotencyKey submitting again with the same key returns the same run
 */
public record Submission(
    TenantId tenant,
    @Nullable String prompt,
    Plan plan,
    String planner,
    ObjectNode inputs,
    int priority,
    @Nullable String correlationId,
    @Nullable String idempotencyKey) {
  /** A plan given as it is, by the local person. */
  public static Submission of(Plan plan, ObjectNode inputs) {
    return new Submission(TenantId.LOCAL, null, plan, "given", inputs, 0, null, null);
  }

  /** The same, with these inputs. */
  Submission with(ObjectNode checked) {
    return new Submission(
        tenant, prompt, plan, planner, checked, priority, correlationId, idempotencyKey);
  }
}
