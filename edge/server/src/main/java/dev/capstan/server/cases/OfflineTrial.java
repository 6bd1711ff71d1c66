package dev.capstan.server.cases;

import dev.capstan.agents.replay.Miss;
import dev.capstan.kernel.Refusal;
import dev.capstan.server.rehearsal.Rehearsal;
import dev.capstan.server.rehearsal.Rehearsed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Tries a case against its own recording, in this process. */
final class OfflineTrial {
  private static final int MOST_MISSES = 3;

  private final Case found;
  private final Verdicts verdicts;
  private final @Nullable Judge judge;
  private final List<String> wrong = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private int unchecked;

  private OfflineTrial(Case found, Verdicts verdicts, @Nullable Judge judge) {
    this.found = found;
    this.verdicts = verdicts;
    this.judge = judge;
  }

  /**
   * Tries it.
   *
   * @param verdicts what judges said before, and where that is kept
   * @param judge is asked what they have not said yet; null when nobody is to be asked
   */
  static Tried of(Case found, Verdicts verdicts, @Nullable Judge judge)
      throws InterruptedException {
    return new OfflineTrial(found, verdicts, judge).tried();
  }

  private Tried tried() throws InterruptedException {
    Rehearsed rehearsed = Rehearsal.of(found.script());
    List<Miss> misses = rehearsed.misses();
    misses.stream().limit(MOST_MISSES).forEach(miss -> wrong.addAll(told(miss)));
    if (misses.size() > MOST_MISSES) {
      wrong.add("… and " + (misses.size() - MOST_MISSES) + " more calls that nobody recorded");
    }
    if (rehearsed.stuck() != null) {
      wrong.add("the run did not come to an end: " + rehearsed.stuck());
    }
    Facts facts = facts(rehearsed);
    wrong.addAll(Assertion.checkAll(found.asserts(), facts));
    for (Assertion each : found.asserts()) {
      if (each instanceof Assertion.Judged judged) {
        judge(judged, facts.output());
      } else if (each instanceof Assertion.MostTime) {
        unchecked++;
        notes.add("time not checked: a recorded run takes none; --live measures it");
      }
    }
    if (unchecked == found.asserts().size()) {
      wrong.add(
          "nothing that it asserts can be checked from a recording: time is measured with --live,"
              + " a judge is asked with --judge or --live; assert something of the output, the"
              + " steps, the tools or the cost besides");
    }
    if (judge != null) {
      verdicts.keep();
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

  private void judge(Assertion.Judged wanted, @Nullable JsonNode output)
      throws InterruptedException {
    if (output == null) {
      wrong.add("there is no output to judge");
      return;
    }
    Optional<Verdict> said = verdicts.of(wanted, output);
    if (said.isEmpty() && judge != null) {
      said = asked(judge, wanted, output);
    } else if (said.isEmpty() && verdicts.knows(wanted)) {
      wrong.add("the judge was asked about another output; --judge asks again");
    } else if (said.isEmpty()) {
      unchecked++;
      notes.add("not judged: --judge asks the judge once and keeps what it says");
    }
    said.filter(verdict -> !verdict.pass())
        .ifPresent(verdict -> wrong.add("the judge says no: " + verdict.reason()));
  }

  private Optional<Verdict> asked(Judge judge, Assertion.Judged wanted, JsonNode output)
      throws InterruptedException {
    try {
      Verdict verdict = judge.judge(wanted, output);
      verdicts.add(verdict);
      return Optional.of(verdict);
    } catch (Refusal none) {
      wrong.add(none.problem().detail());
      return Optional.empty();
    }
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
