package dev.capstan.journal;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.capstan.kernel.RunId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a waiting step waits for, durably: nothing is kept in memory but when to look again. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Awaited.Time.class, name = "time"),
  @JsonSubTypes.Type(value = Awaited.Approval.class, name = "approval"),
  @JsonSubTypes.Type(value = Awaited.Signal.class, name = "signal"),
  @JsonSubTypes.Type(value = Awaited.Child.class, name = "child")
})
public sealed interface Awaited {
  /** When the wait ends by itself, if ever. */
  @Nullable Instant until();

  record Time(Instant until) implements Awaited {}

  /**
   * @param until when the wait is given up, if ever
   */
  record Approval(String message, @Nullable Instant until) implements Awaited {}

  record Signal(String name, @Nullable Instant until) implements Awaited {}

  /**
   * @param iteration which round of a loop, from 1; 0 for a plain sub-run
   * @param last what the round before returned
   */
  record Child(RunId run, int iteration, @Nullable Instant until, @Nullable JsonNode last)
      implements Awaited {}
}
