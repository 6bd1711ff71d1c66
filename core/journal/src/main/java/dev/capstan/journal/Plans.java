package dev.capstan.journal;

import dev.capstan.kernel.BoundedMap;
import dev.capstan.kernel.Json;
import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanCodec;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The plans that runs refer to by hash, decoded once and kept while they are used. */
public final class Plans {
  /** Steps of all cached plans together. */
  private static final int MOST_STEPS = 200_000;

  /** Plans whose text is at hand: one that many runs have in turn is written out once. */
  private static final int MOST_TEXTS = 64;

  private static final int LONGEST_TEXT = 32 * 1024;

  private final Journal journal;
  private final Map<String, Plan> byHash = new LinkedHashMap<>(64, 0.75f, true);
  private final Map<Plan, Attachment> texts = BoundedMap.lru(MOST_TEXTS);

  private int steps;

  public Plans(Journal journal) {
    this.journal = journal;
  }

  /**
   * The plan of this hash. Throws a {@link dev.capstan.kernel.Refusal} when the journal has none.
   * May block.
   */
  public Plan plan(String hash) {
    Plan known = known(hash);
    if (known != null) {
      return known;
    }
    Plan read = PlanCodec.decode(Json.parse(journal.attachment(hash)));
    remember(hash, read);
    return read;
  }

  /** The plan of this hash, if it is at hand. Never blocks. */
  public synchronized @Nullable Plan known(String hash) {
    return byHash.get(hash);
  }

  /** The plan as the journal keeps it; saves reading it again. */
  public Attachment attachment(Plan plan) {
    Attachment known = written(plan);
    return known == null ? remember(plan, Attachment.of(plan)) : known;
  }

  private synchronized @Nullable Attachment written(Plan plan) {
    Attachment known = texts.get(plan);
    if (known != null) {
      keep(known.hash(), plan);
    }
    return known;
  }

  private synchronized Attachment remember(Plan plan, Attachment fresh) {
    if (fresh.text().length() <= LONGEST_TEXT) {
      texts.put(plan, fresh);
    }
    keep(fresh.hash(), plan);
    return fresh;
  }

  /** Saves reading a plan that is at hand. */
  public synchronized void remember(String hash, Plan plan) {
    keep(hash, plan);
  }

  private void keep(String hash, Plan plan) {
    if (byHash.put(hash, plan) == null) {
      steps += plan.steps().size() + 1;
    }
    var eldest = byHash.entrySet().iterator();
    while (steps > MOST_STEPS && byHash.size() > 1) {
      steps -= eldest.next().getValue().steps().size() + 1;
      eldest.remove();
    }
  }
}
