package dev.capstan.journal;

import dev.capstan.kernel.RunId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A journal that only takes appends its own way; all else it hands on to the one behind it. */
public interface Relay extends Journal {
  Journal behind();

  @Override
  default List<Recorded> read(RunId run, int afterSeq, int limit) {
    return behind().read(run, afterSeq, limit);
  }

  @Override
  default Map<RunId, List<Recorded>> readAll(Collection<RunId> runs) {
    return behind().readAll(runs);
  }

  @Override
  default String attachment(String hash) {
    return behind().attachment(hash);
  }

  @Override
  default void follow(Consumer<List<Recorded>> follower) {
    behind().follow(follower);
  }

  @Override
  default Health health() {
    return behind().health();
  }

  @Override
  default void close() {
    behind().close();
  }
}
