package dev.capstan.journal;

import dev.capstan.kernel.RunId;
import java.time.Instant;
import java.util.List;

/**
 * Events of one run to be written together, all or none.
 *
 * @param firstSeq the place of the first; the rest follow without gaps
 * @param at whole microseconds
 * @param attachments texts that the events refer to by hash, durable no later than the events
 */
public record Append(
    RunId run, int firstSeq, Instant at, List<RunEvent> events, List<Attachment> attachments) {
  public Append {
    events = List.copyOf(events);
    attachments = List.copyOf(attachments);
  }

  public int lastSeq() {
    return firstSeq + events.size() - 1;
  }
}
