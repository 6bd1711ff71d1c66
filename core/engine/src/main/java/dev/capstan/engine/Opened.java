package dev.capstan.engine;

import dev.capstan.journal.Attachment;
import dev.capstan.journal.RunEvent;
import java.util.List;

/**
 * The first events of a run.
 *
 * @param waitsForSlot whether {@code execution_start} is still to come, when the run gets its turn
 */
record Opened(
    List<RunEvent> events, List<Attachment> attachments, boolean waitsForSlot, int priority) {
  static Opened of(Submission submission, Attachment plan, long owner) {
    RunEvent created =
        new RunEvent.RunCreated(
            submission.tenant(),
            owner,
            submission.prompt(),
            submission.inputs(),
            submission.priority(),
            submission.correlationId(),
            null,
            null);
    RunEvent planned =
        new RunEvent.PlanGenerated(
            plan.hash(),
            submission.planner(),
            submission.plan().header().name(),
            submission.plan().steps().size());
    return new Opened(List.of(created, planned), List.of(plan), true, submission.priority());
  }
}
