package dev.capstan.journal;

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
  private final Map<Plan, Attachment> texts =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Plan, Attachment> eldest) {
          return size() > MOST_TEXTS;
        }
      };

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
  public @Nullable Plan known(String hash) {
    synchronized (byHash) {
      return byHash.get(hash);
    }
  }

  /** The plan as the journal keeps it; saves reading it again. */
  public Attachment attachment(Plan plan) {
    Attachment known;
    synchronized (texts) {
      known = texts.get(plan);
    }
    Attachment attachment = known == null ? Attachment.of(plan) : known;
    if (known == null && attachment.text().length() <= LONGEST_TEXT) {
      synchronized (texts) {
        texts.put(plan, attachment);
      }
    }
    remember(attachment.hash(), plan);
    return attachment;
  }

  /** Saves reading a plan that is at hand. */
  public void remember(String hash, Plan plan) {
    synchronized (byHash) {
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
}
