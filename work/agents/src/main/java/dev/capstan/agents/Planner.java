package dev.capstan.agents;

import dev.capstan.kernel.TenantId;

/** Turns what a person asks for into a plan, or says which words it could make nothing of. */
public interface Planner {
  /** What it goes by in a run's journal, such as {@code pattern}. */
  String name();

  /**
   * Never throws for what is in the prompt, however long, broken or hostile. May ask a model, and
   * then blocks and costs the tenant money.
   */
  Planned plan(String prompt, TenantId tenant) throws InterruptedException;
}
