package dev.capstan.agents.replay;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call that nothing was recorded for.
 *
 * @param what the call, in words
 * @param nearest the recorded call that is most like it, in words; null when there is none
 * @param difference between that one and this, line by line: {@code - recorded}, {@code + now}
 */
public record Miss(String what, @Nullable String nearest, List<String> difference) {
  public Miss {
    difference = List.copyOf(difference);
  }
}
