package dev.capstan.engine;

import dev.capstan.engine.step.Tool;
import dev.capstan.journal.Append;
import dev.capstan.journal.Attachment;
import dev.capstan.journal.MemoryJournal;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.RunId;
import java.util.List;
import java.util.Map;

/**
 * The same run as it would be had its owner died right after {@code step_started}, taken up by
 * another worker.
 */
final class CrashedTwin {
  private CrashedTwin() {}

  static Crank of(Crank origin, RunId run, Map<String, Tool> tools) {
    List<Recorded> events = origin.journal(run);
    int cut = 0;
    while (!(events.get(cut).event() instanceof RunEvent.StepStarted)) {
      cut++;
    }
    return cutAfter(origin, run, cut + 1, tools);
  }

  static Crank cutAfter(Crank origin, RunId run, int length, Map<String, Tool> tools) {
    MemoryJournal store = new MemoryJournal();
    for (Recorded recorded : origin.journal(run).subList(0, length)) {
      List<Attachment> attachments =
          recorded.event() instanceof RunEvent.PlanGenerated planned
              ? List.of(new Attachment(planned.plan(), origin.store.attachment(planned.plan())))
              : List.of();
      store
          .append(
              new Append(
                  run, recorded.seq(), recorded.at(), List.of(recorded.event()), attachments))
          .join();
    }
    return new Crank(tools, new Crank.Life(store, store, origin.time, 2), EngineLimits.defaults());
  }
}
