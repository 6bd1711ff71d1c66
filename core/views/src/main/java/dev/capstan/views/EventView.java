package dev.capstan.views;

import dev.capstan.journal.EventCodec;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.RunId;
import java.time.Instant;

/** An event as the edge shows it: {@code {run, seq, type, at, data}}. */
public record EventView(RunId run, int seq, String type, Instant at, RunEvent data) {
  public static EventView of(Recorded recorded) {
    return new EventView(
        recorded.run(),
        recorded.seq(),
        EventCodec.wireName(recorded.event()),
        recorded.at(),
        recorded.event());
  }
}
