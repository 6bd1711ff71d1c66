package dev.capstan.engine;

import dev.capstan.kernel.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Who is alive. One row and one heartbeat per process, never per run. */
public interface Leases {
  /** This process's number; new at every start. */
  long worker();

  /**
   * Renews this process's lease. False when it had already expired, so that others may have taken
   * its runs. Blocks.
   */
  boolean renew();

  /**
   * Unfinished runs whose owner's lease has expired or was given back, with ids greater than {@code
   * after}, in order, at most {@code limit}. Blocks.
   */
  List<RunId> abandoned(RunId after, int limit);

  /** When this worker's lease expires, if it has one. Blocks. */
  Optional<Instant> expiry(long worker);

  /** Gives the lease back, so that others need not wait for it to expire. Blocks. */
  void release();
}
