package dev.capstan.llm.budget;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.RunId;
import dev.capstan.llm.chat.Usage;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sums over the rows of a {@link MemoryVault}. */
public final class MemoryCosts implements Costs {
  private final MemoryVault vault;

  public MemoryCosts(MemoryVault vault) {
    this.vault = vault;
  }

  @Override
  public Sums sums(By by, Selection selection, int most) {
    Map<Map<String, String>, Sum> sums = new LinkedHashMap<>();
    for (LedgerRow row : vault.rows()) {
      if (isSelected(row, selection)
          && (by != By.AGENT || !row.claim().agent().isEmpty())
          && (by != By.KEY || !row.claim().key().isEmpty())
          && ((by != By.RUN && by != By.STEP) || row.claim().run() != null)) {
        Map<String, String> who = new LinkedHashMap<>();
        by.names().forEach(name -> who.put(name, value(row.claim(), name)));
        sums.merge(who, sum(who, row.settlement()), MemoryCosts::plus);
      }
    }
    return new Sums(
        sums.values().stream()
            .sorted(Comparator.comparing(Sum::cost).reversed())
            .limit(most)
            .toList(),
        sums.size(),
        sums.values().stream().map(Sum::cost).reduce(Money.ZERO, Money::plus));
  }

  @Override
  public Lost lost(Selection selection, int most) {
    return Lost.of(vault.losses().stream().filter(selection::covers).toList(), most);
  }

  private static boolean isSelected(LedgerRow row, Selection selection) {
    Instant since = selection.since();
    RunId run = selection.run();
    return row.claim().tenant().equals(selection.tenant())
        && (run == null || run.equals(row.claim().run()))
        && (since == null || !row.at().isBefore(since));
  }

  private static String value(Claim claim, String name) {
    return switch (name) {
      case "run" -> String.valueOf(claim.run());
      case "step" -> claim.step();
      case "agent" -> claim.agent();
      case "key" -> claim.key();
      case "model" -> claim.model();
      case "provider" -> claim.provider();
      default -> claim.tenant().value();
    };
  }

  private static Sum sum(Map<String, String> who, Settlement settlement) {
    Usage usage = settlement.usage();
    return new Sum(
        who,
        1,
        usage.inputTokens(),
        usage.cachedInputTokens(),
        usage.outputTokens(),
        settlement.cost());
  }

  private static Sum plus(Sum one, Sum other) {
    Money cost = one.cost().plus(other.cost());
    return new Sum(
        one.who(),
        one.calls() + other.calls(),
        one.inputTokens() + other.inputTokens(),
        one.cachedTokens() + other.cachedTokens(),
        one.outputTokens() + other.outputTokens(),
        cost);
  }
}
