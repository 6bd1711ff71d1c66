package dev.capstan.engine;

import dev.capstan.journal.Appended;
import dev.capstan.journal.Attachment;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is put in a run's mailbox. */
sealed interface Letter {
  /** Something to react to, and who waits to hear what came of it. */
  record Stimulate(Stimulus stimulus, @Nullable CompletableFuture<Told> answer) implements Letter {}

  /** The first events of a run that does not exist yet. */
  record Create(
      List<RunEvent> events, List<Attachment> attachments, CompletableFuture<Submitted> answer)
      implements Letter {}

  /**
   * A question about the run as it is now; always answered, on the run's own turn, with null when
   * the run is not to be had here.
   */
  record Ask(Consumer<@Nullable RunState> question) implements Letter {}

  /** What became of a turn's events; null when the journal was closed before they were written. */
  record Landed(Turn turn, @Nullable Appended appended) implements Letter {}
}
