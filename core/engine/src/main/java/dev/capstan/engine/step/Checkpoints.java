package dev.capstan.engine.step;

import dev.capstan.journal.Checkpoint;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/**
 * What a long attempt keeps on its way, so that after a crash, or when it is attempted again,
 * nothing that was done and paid for is done again. An agent keeps each of its turns.
 */
public interface Checkpoints {
  /** The most that one step keeps. */
  int MOST = 10_000;

  /** For a call outside of any run: it remembers nothing, and says so to nobody. */
  Checkpoints NONE =
      new Checkpoints() {
        @Override
        public List<Checkpoint> kept() {
          return List.of();
        }

        @Override
        public CompletableFuture<Void> keep(String key, JsonNode value) {
          return CompletableFuture.completedFuture(null);
        }
      };

  /** What earlier attempts at the same step have kept, in order; not what this one keeps. */
  List<Checkpoint> kept();

  /**
   * Keeps one more. Done once it is durable; go on with what must not be repeated only then. Fails
   * with a {@link dev.capstan.kernel.Refusal} when this attempt is not the step's current one any
   * more, of {@code conflict}, when it has kept {@value #MOST}, of {@code limit_reached}, or when
   * the journal cannot be written, of {@code unavailable}: then end the attempt.
   */
  CompletableFuture<Void> keep(String key, JsonNode value);
}
