package dev.capstan.views;

import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.RunId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The last events of one run, without gaps. Guarded by its own lock. */
final class Tail {
  private static final int ROUGHLY_PER_EVENT = 300;
  private static final int ROUGHLY_PER_NODE = 60;
  private static final int MOST_NODES = 2_000;

  private final RunId run;
  private final List<Recorded> events = new ArrayList<>(8);
  private int firstSeq;
  private int bytes;

  Tail(RunId run) {
    this.run = run;
  }

  RunId run() {
    return run;
  }

  /** Adds the next event and returns how many bytes the tail now roughly holds more or less. */
  synchronized int add(Recorded recorded) {
    int before = bytes;
    if (events.isEmpty() || recorded.seq() != firstSeq + events.size()) {
      events.clear();
      bytes = 0;
      firstSeq = recorded.seq();
    }
    events.add(recorded);
    bytes += ROUGHLY_PER_EVENT + weight(recorded.event());
    return bytes - before;
  }

  synchronized int bytes() {
    return bytes;
  }

  /** Whether the run's last event is here. */
  synchronized boolean isOver() {
    return !events.isEmpty() && events.getLast().event() instanceof RunEvent.Terminal;
  }

  /** The events after {@code after}; null when the tail does not reach back that far. */
  synchronized @Nullable List<Recorded> after(int after, int limit) {
    if (after + 1 < firstSeq || events.isEmpty()) {
      return null;
    }
    int from = Math.min(after + 1 - firstSeq, events.size());
    int to = (int) Math.min((long) from + limit, events.size());
    return List.copyOf(events.subList(from, to));
  }

  private static int weight(RunEvent event) {
    return switch (event) {
      case RunEvent.StepCompleted e -> weight(e.output());
      case RunEvent.RunCreated e -> weight(e.inputs());
      case RunEvent.RunCompleted e -> e.outputs().values().stream().mapToInt(Tail::weight).sum();
      case RunEvent.SignalReceived e -> weight(e.payload());
      default -> 0;
    };
  }

  private static int weight(JsonNode value) {
    int[] left = {MOST_NODES};
    return weight(value, left);
  }

  /** Rough, and bounded in effort: past so many nodes the rest counts as much as what was seen. */
  private static int weight(JsonNode value, int[] left) {
    if (left[0]-- <= 0) {
      return 0;
    }
    if (value.isString()) {
      return ROUGHLY_PER_NODE + value.stringValue().length();
    }
    int sum = ROUGHLY_PER_NODE * Math.max(1, value.size());
    if (value.isContainer()) {
      for (JsonNode child : value) {
        if (left[0] <= 0) {
          break;
        }
        sum += weight(child, left);
      }
    }
    return sum;
  }
}
