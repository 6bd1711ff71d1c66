package dev.capstan.server.cases;

import dev.capstan.agents.replay.Miss;
import dev.capstan.server.rehearsal.Rehearsal;
import dev.capstan.server.rehearsal.Rehearsed;
import java.util.ArrayList;
import java.util.List;

/** Tries a case against its own recording, in this process. */
final class OfflineTrial {
  private static final int MOST_MISSES = 3;

  private OfflineTrial() {}

  static Tried of(Case found) throws InterruptedException {
    Rehearsed rehearsed = Rehearsal.of(found.script());
    List<String> wrong = new ArrayList<>();
    List<Miss> misses = rehearsed.misses();
    misses.stream().limit(MOST_MISSES).forEach(miss -> wrong.addAll(told(miss)));
    if (misses.size() > MOST_MISSES) {
      wrong.add("… and " + (misses.size() - MOST_MISSES) + " more calls that nobody recorded");
    }
    if (rehearsed.stuck() != null) {
      wrong.add("the run did not come to an end: " + rehearsed.stuck());
    }
    wrong.addAll(Assertion.checkAll(found.asserts(), facts(rehearsed)));
    List<String> notes = new ArrayList<>();
    for (Assertion each : found.asserts()) {
      if (each instanceof Assertion.Judged) {
        notes.add("not judged: a judge is a model, which is asked with --live only");
      } else if (each instanceof Assertion.MostTime) {
        notes.add("time not checked: a recorded run takes none; --live measures it");
      }
    }
    String sum =
        rehearsed.played().answers().size()
            + " answers, "
            + rehearsed.played().results().size()
            + " results";
    return new Tried(wrong, notes, sum);
  }

  static Facts facts(Rehearsed rehearsed) {
    return Facts.of(rehearsed.state(), rehearsed.events(), rehearsed.played(), null);
  }

  private static List<String> told(Miss miss) {
    List<String> lines = new ArrayList<>();
    lines.add(miss.what());
    if (miss.nearest() != null) {
      lines.add("  the nearest that was recorded is " + miss.nearest() + ":");
    }
    miss.difference().forEach(line -> lines.add("    " + line));
    lines.add("  record the run again, mend the case, or try it with --live");
    return lines;
  }
}
