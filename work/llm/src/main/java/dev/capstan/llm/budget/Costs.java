package dev.capstan.llm.budget;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was spent, summed up from the ledger's rows. A row is there soon after its settlement. */
public interface Costs {
  /** What sums are made by. */
  enum By {
    RUN,
    STEP,
    AGENT,
    KEY,
    MODEL,
    PROVIDER,
    TENANT;

    /** The fields of {@link Sum#who}, in order. */
    public List<String> names() {
      return switch (this) {
        case STEP -> List.of("run", "step");
        case MODEL -> List.of("provider", "model");
        default -> List.of(wireName());
      };
    }

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<By> ofWireName(String name) {
      return Arrays.stream(values()).filter(by -> by.wireName().equals(name)).findFirst();
    }
  }

  /**
   * Whose rows are summed up.
   *
   * @param run only this run's; null for all
   * @param since only what was settled at or after this instant; null for all
   */
  record Selection(TenantId tenant, @Nullable RunId run, @Nullable Instant since) {}

  /**
   * A sum.
   *
   * @param who the value of each of {@link By#names}; empty where a row has none
   * @param calls attempts at providers
   */
  record Sum(
      Map<String, String> who,
      long calls,
      long inputTokens,
      long cachedTokens,
      long outputTokens,
      Money cost) {}

  /**
   * The sums, the dearest first. Throws a {@link dev.capstan.kernel.Refusal} of {@code unavailable}
   * when the store is away. Blocks.
   *
   * @param most how many at most
   */
  List<Sum> sums(By by, Selection selection, int most);
}
