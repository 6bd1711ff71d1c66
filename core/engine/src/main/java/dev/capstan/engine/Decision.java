package dev.capstan.engine;

import dev.capstan.journal.RunEvent;
import java.util.List;

/** What happens next: events to record, and work to hand out. */
record Decision(List<RunEvent> events, List<Work> work) {
  static final Decision NOTHING = new Decision(List.of(), List.of());

  static Decision of(RunEvent event) {
    return new Decision(List.of(event), List.of());
  }

  static Decision of(List<RunEvent> events) {
    return new Decision(events, List.of());
  }
}
