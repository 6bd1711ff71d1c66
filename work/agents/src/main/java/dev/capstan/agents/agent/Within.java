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

  @Override
  public List<Checkpoint> kept() {
    String prefix = piece + END;
    return step.kept().stream()
        .filter(kept -> kept.key().startsWith(prefix))
        .map(kept -> new Checkpoint(kept.key().substring(prefix.length()), kept.value()))
        .toList();
  }

  @Override
  public CompletableFuture<Void> keep(String key, JsonNode value) {
    return step.keep(piece + END + key, value);
  }
}
