package dev.capstan.llm.budget;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
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
  record Selection(TenantId tenant, @Nullable RunId run, @Nullable Instant since) {
    /** Whether this loss is looked for. What models may spend is the house's. */
    public boolean covers(Loss loss) {
      String id = loss.account().id();
      boolean theirs =
          switch (loss.account().scope()) {
            case TENANT -> id.equals(tenant.value());
            case KEY -> id.startsWith(tenant.value() + "/");
            case MODEL, RUN, AGENT -> true;
          };
      boolean meant = run == null || loss.run().filter(run::equals).isPresent();
      return theirs && meant && (since == null || !loss.at().isBefore(since));
    }
  }

  /**
   * What a process held of a budget when its lease ended. It counts against the budget as if it
   * were spent, for it may have been, and no row tells.
   *
   * @param at when the lease ended, or was seen to have
   */
  record Loss(long owner, Account account, Money amount, Instant at) {
    /** Whose budget it is, when it is a run's or an agent's. */
    public Optional<RunId> run() {
      return switch (account.scope()) {
        case RUN, AGENT -> parsed(account.id().split("/", 2)[0]);
        case TENANT, KEY, MODEL -> Optional.empty();
      };
    }

    private static Optional<RunId> parsed(String id) {
      try {
        return Optional.of(RunId.parse(id));
      } catch (Refusal other) {
        // Too long a name is kept as a hash.
        return Optional.empty();
      }
    }

    /** Periods of one length, a day or a month, hold different money. */
    private String kind() {
      return owner + " " + account.scope() + " " + account.period().length();
    }
  }

  /**
   * What is charged because nobody knows what became of it.
   *
   * @param amount what calls may have cost at most that no row tells of, as far as budgets show it.
   *     A call is held in every budget that it counts against, so for each process the kind of
   *     budgets counts that held most.
   * @param losses the largest first
   */
  record Lost(Money amount, List<Loss> losses) {
    public static final Lost NOTHING = new Lost(Money.ZERO, List.of());

    /**
     * @param most how many are listed
     */
    public static Lost of(List<Loss> all, int most) {
      Map<String, Money> kinds = new HashMap<>();
      all.forEach(loss -> kinds.merge(loss.kind(), loss.amount(), Money::plus));
      Map<Long, Money> owners = new HashMap<>();
      all.forEach(loss ->
          owners.merge(
              loss.owner(),
              kinds.getOrDefault(loss.kind(), Money.ZERO),
              (one, other) -> one.compareTo(other) < 0 ? other : one));
      return new Lost(
          owners.values().stream().reduce(Money.ZERO, Money::plus),
          all.stream()
              .sorted(Comparator.comparing(Loss::amount).reversed().thenComparing(Loss::account))
              .limit(most)
              .toList());
    }
  }

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
   * All sums, of which some are told.
   *
   * @param dearest the dearest first
   * @param count how many there are
   * @param cost of all of them
   */
  record Sums(List<Sum> dearest, long count, Money cost) {
    public static final Sums NONE = new Sums(List.of(), 0, Money.ZERO);

    public Sums {
      dearest = List.copyOf(dearest);
    }
  }

  /**
   * What was spent. Throws a {@link dev.capstan.kernel.Refusal} of {@code unavailable} when the
   * store is away. Blocks.
   *
   * @param most how many are told at most, at least 1
   */
  Sums sums(By by, Selection selection, int most);

  /**
   * What dead processes held. Throws as {@link #sums} does. Blocks.
   *
   * @param most how many losses are listed at most
   */
  Lost lost(Selection selection, int most);
}
