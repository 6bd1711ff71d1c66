package dev.capstan.server.runs;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what should be quick, and no longer than a caller would. */
final class Patience {
  private static final long SECONDS = 10;

  private Patience() {}

  /**
   * The future's value. Throws {@code unavailable} when it takes too long, as while the database is
   * away; what was asked for may then still come true.
   */
  static <T> T await(CompletableFuture<T> future) throws InterruptedException {
    try {
      return future.get(SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw unavailable(
          "it was not durable within "
              + SECONDS
              + " s and may still become so; ask again with the same Idempotency-Key");
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof Refusal refusal) {
        throw refusal;
      }
      throw failed.getCause() instanceof IllegalStateException
          ? unavailable("this process is stopping")
          : new IllegalStateException("an answer of the engine's failed", failed.getCause());
    }
  }

  private static Refusal unavailable(String detail) {
    return Problem.of(ProblemCode.UNAVAILABLE, detail).refusal();
  }
}
