package dev.capstan.journal;

import dev.capstan.kernel.RunId;
import java.time.Instant;
import java.util.Collections;
import java.util.List;

/**
 * Events of one run to be written together, all or none.
 *
 * @param firstSeq the place of the first; the rest follow without gaps
 * @param at when each of them happened, in whole microseconds
 * @param attachments texts that the events refer to by hash, durable no later than the events
 */
public record Append(
    RunId run,
    int firstSeq,
    List<Instant> at,
    List<RunEvent> events,
    List<Attachment> attachments) {
  public Append {
    if (at.size() != events.size()) {
      throw new IllegalArgumentException(at.size() + " instants for " + events.size() + " events");
    }
    at = List.copyOf(at);
    events = List.copyOf(events);
    attachments = List.copyOf(attachments);
  }

  /** Events that happened at once. */
  public Append(
      RunId run, int firstSeq, Instant at, List<RunEvent> events, List<Attachment> attachments) {
    this(run, firstSeq, Collections.nCopies(events.size(), at), events, attachments);
  }

  public int lastSeq() {
    return firstSeq + events.size() - 1;
  }
}
