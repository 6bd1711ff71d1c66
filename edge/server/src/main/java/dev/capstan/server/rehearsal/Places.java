package dev.capstan.server.rehearsal;

import dev.capstan.journal.Journal;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.RunId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which steps the sub-runs of a run belong to: {@code outer/}, {@code rounds#2/inner/}. */
final class Places {
  private final Journal journal;
  private final RunId top;
  private final Map<RunId, String> known = new ConcurrentHashMap<>();

  Places(Journal journal, RunId top) {
    this.journal = journal;
    this.top = top;
  }

  String of(RunId run) {
    if (run.equals(top)) {
      return "";
    }
    String found = known.get(run);
    if (found != null) {
      return found;
    }
    List<Recorded> first = journal.read(run, 0, 1);
    String place = "";
    if (!first.isEmpty()
        && first.getFirst().event() instanceof RunEvent.RunCreated created
        && created.parent() != null) {
      RunEvent.Parent parent = created.parent();
      place = of(parent.run()) + Script.within(parent.step().toString(), parent.iteration());
    }
    known.put(run, place);
    return place;
  }
}
