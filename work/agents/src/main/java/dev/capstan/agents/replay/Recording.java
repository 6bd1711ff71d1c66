package dev.capstan.agents.replay;

import java.util.List;

/** Everything that models and tools answered in a run, each step's in the order it happened. */
public record Recording(
    List<RecordedAnswer> answers, List<RecordedResult> results, List<RecordedNote> notes) {
  public static final Recording NOTHING = new Recording(List.of(), List.of(), List.of());

  public Recording {
    answers = List.copyOf(answers);
    results = List.copyOf(results);
    notes = List.copyOf(notes);
  }
}
