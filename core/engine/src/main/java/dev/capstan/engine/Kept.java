package dev.capstan.engine;

import dev.capstan.engine.step.Checkpoints;
import dev.capstan.journal.Checkpoint;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/** What an attempt keeps: each is a letter to its run, answered when it is durable. */
final class Kept implements Checkpoints {
  private final LiveRun run;
  private final Work.Attempt work;

  Kept(LiveRun run, Work.Attempt work) {
    this.run = run;
    this.work = work;
  }

  @Override
  public List<Checkpoint> kept() {
    return work.kept();
  }

  @Override
  public CompletableFuture<Void> keep(String key, JsonNode value) {
    if (work.undo()) {
      return CompletableFuture.failedFuture(
          Problem.of(ProblemCode.CONFLICT, "undoing a step keeps nothing on its way").refusal());
    }
    CompletableFuture<Told> answer = new CompletableFuture<>();
    run.post(
        new Letter.Stimulate(
            new Stimulus.Reached(work.step(), work.attempt(), key, value), answer));
    return answer.thenAccept(told -> {
      if (told instanceof Told.Refused refused) {
        throw refused.problem().refusal();
      }
    });
  }
}
