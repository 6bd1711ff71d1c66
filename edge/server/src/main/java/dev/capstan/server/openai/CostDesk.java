package dev.capstan.server.openai;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Costs;
import dev.capstan.server.http.Answer;
import dev.capstan.server.http.Exchange;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code GET /costs}: what models cost, by run, step, agent, key, model, provider or tenant. */
public final class CostDesk {
  /**
   * @param items the dearest of the sums
   * @param count of all sums
   * @param cost of all sums
   */
  private record Shown(String by, List<Costs.Sum> items, long count, Money cost, Lost lost) {}

  /** What dead processes held; it is in no sum, and counts as spent in these budgets. */
  private record Lost(Money amount, List<Share> budgets) {
    static Lost of(Costs.Lost lost) {
      return new Lost(lost.amount(), lost.losses().stream().map(Share::of).toList());
    }
  }

  /**
   * @param period empty for all time
   */
  private record Share(String scope, String name, String period, Money amount, Instant at) {
    static Share of(Costs.Loss loss) {
      Account account = loss.account();
      return new Share(
          account.scope().wireName(), account.id(), account.period(), loss.amount(), loss.at());
    }
  }

  private final Costs costs;

  public CostDesk(Costs costs) {
    this.costs = costs;
  }

  public Answer sums(Exchange exchange) {
    String wish = exchange.query("by").orElse("model");
    Costs.By by =
        Costs.By.ofWireName(wish)
            .orElseThrow(() ->
                invalid(
                    "costs are summed up by one of "
                        + Arrays.stream(Costs.By.values())
                            .map(Costs.By::wireName)
                            .collect(Collectors.joining(", "))));
    Costs.Selection selection =
        new Costs.Selection(
            exchange.tenant(),
            exchange.query("run").map(RunId::parse).orElse(null),
            since(exchange));
    int most = exchange.query("limit", 100, 1, 1_000);
    Costs.Sums sums = costs.sums(by, selection, most);
    Lost lost = Lost.of(costs.lost(selection, most));
    return Answer.ok(new Shown(by.wireName(), sums.dearest(), sums.count(), sums.cost(), lost));
  }

  private static @Nullable Instant since(Exchange exchange) {
    String text = exchange.query("since").orElse(null);
    try {
      Instant since = text == null ? null : Instant.parse(text);
      if (since == null || Math.abs(since.getEpochSecond()) < 1L << 40) {
        return since;
      }
    } catch (DateTimeParseException broken) {
      // Said below, with what would be right.
    }
    throw invalid("since is an instant such as 2026-01-31T12:00:00Z");
  }

  private static Refusal invalid(String detail) {
    return Problem.of(ProblemCode.INVALID_REQUEST, detail).refusal();
  }
}
