package dev.capstan.postgres;

import java.util.List;

/**
 * What comparing the journal with itself and with the views found.
 *
 * @param faults sentences, the first {@link #MOST_FAULTS} of them; empty when all is well
 * @param faulty how many runs have a fault
 */
public record Verification(long runs, long events, long faulty, List<String> faults) {
  public static final int MOST_FAULTS = 100;

  public Verification {
    faults = List.copyOf(faults);
  }

  public boolean isClean() {
    return faulty == 0;
  }
}
