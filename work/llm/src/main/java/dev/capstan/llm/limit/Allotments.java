package dev.capstan.llm.limit;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Where several processes draw what they may admit. What is drawn has to be used within {@link
 * Wish#valid} of asking for it, and is counted until a window after the last moment at which it may
 * have been: so that no window, wherever it begins and over all processes, holds more than the
 * limit. What was drawn and not used is given back; what a process that died had drawn counts as
 * used.
 */
public interface Allotments {
  /**
   * A part of a limit that is asked for.
   *
   * @param amount as much of it as there is; may be 0
   * @param valid how long what is granted may be used
   * @param givenBack how much of each earlier lot was not used
   * @param owed what was used beyond what had been drawn, and is to be counted now
   */
  record Wish(Limit limit, long amount, Duration valid, Map<Long, Long> givenBack, long owed) {
    public Wish {
      givenBack = Map.copyOf(givenBack);
    }
  }

  /**
   * What is granted.
   *
   * @param amount at most what was asked for
   * @param lot names it when a part is given back
   * @param freeIn when it is worth asking for more; zero when all was granted
   */
  record Grant(long amount, long lot, Duration freeIn) {}

  /**
   * Grants for these wishes, in their order. Blocks. Throws a {@link dev.capstan.kernel.Refusal} of
   * {@code unavailable} when the store is away: nothing is admitted uncounted.
   */
  List<Grant> draw(List<Wish> wishes);
}
