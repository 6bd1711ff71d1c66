package dev.capstan.server;

import dev.capstan.llm.budget.BudgetEvent;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What people want to hear of budgets, in the log and counted. */
final class BudgetNews implements BudgetEvent.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(BudgetNews.class);

  private final MeterRegistry registry;

  BudgetNews(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void heard(BudgetEvent event) {
    registry
        .counter("budget_events", "kind", event.getClass().getSimpleName().toLowerCase(Locale.ROOT))
        .increment();
    switch (event) {
      case BudgetEvent.ThresholdPassed passed ->
          LOG.warn(
              "{} % of the budget of {} are spent: {} of {} dollars",
              passed.percent(),
              passed.budget().account(),
              passed.settled(),
              passed.budget().limit());
      case BudgetEvent.Overbilled over ->
          LOG.warn(
              "{} {} billed {} dollars where at most {} were announced; its bound is raised",
              over.claim().provider(),
              over.claim().model(),
              over.cost(),
              over.claim().most());
      case BudgetEvent.OwnerLost lost ->
          LOG.warn(
              "a process ended with {} dollars of {} in its hands: they count as spent",
              lost.loss().amount(),
              lost.loss().account());
      case BudgetEvent.StoreAway away ->
          LOG.warn("the ledger's store is away, so nothing more is lent: {}", away.reason());
      case BudgetEvent.StoreBack _ -> LOG.info("the ledger's store is back");
    }
  }
}
