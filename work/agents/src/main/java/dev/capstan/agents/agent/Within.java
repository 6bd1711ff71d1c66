package dev.capstan.agents.agent;

import dev.capstan.engine.step.Checkpoints;
import dev.capstan.journal.Checkpoint;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/** What a piece of a step's work keeps: among what the step keeps, under a name of its own. */
record Within(Checkpoints step, String piece) implements Checkpoints {
  private static final char END = '/';

  /** Whether the step keeps this for itself, and not for a piece of it. */
  static boolean isOwn(Checkpoint kept) {
    return kept.key().indexOf(END) < 0;
  }

  /** The name by which the step keeps what the piece keeps under this one. */
  static String key(String piece, String key) {
    return piece + END + key;
  }

  @Override
  public List<Checkpoint> kept() {
    String prefix = key(piece, "");
    return step.kept().stream()
        .filter(kept -> kept.key().startsWith(prefix))
        .map(kept -> new Checkpoint(kept.key().substring(prefix.length()), kept.value()))
        .toList();
  }

  @Override
  public CompletableFuture<Void> keep(String key, JsonNode value) {
    return step.keep(key(piece, key), value);
  }
}
