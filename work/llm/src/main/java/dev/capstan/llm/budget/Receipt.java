package dev.capstan.llm.budget;

import dev.capstan.kernel.Money;
import java.util.List;
import java.util.Map;

/**
 * What became of a {@link Batch}.
 *
 * @param verdicts one for each draw, in order
 * @param balances of every account that was touched, after all of it
 */
public record Receipt(List<Verdict> verdicts, Map<Account, Balance> balances) {
  public Receipt {
    verdicts = List.copyOf(verdicts);
    balances = Map.copyOf(balances);
  }

  /** The answer to a draw. */
  public sealed interface Verdict {
    /** One amount for each wish, in order. */
    record Granted(List<Money> amounts) implements Verdict {
      public Granted {
        amounts = List.copyOf(amounts);
      }
    }

    /** It did not fit, or something that was asked before it for the same account did not. */
    record Declined() implements Verdict {}
  }
}
