package dev.capstan.server.runs;

import dev.capstan.agents.estimate.History;
import dev.capstan.journal.RunStatus;
import dev.capstan.journal.StepRef;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.TenantId;
import dev.capstan.llm.budget.Costs;
import dev.capstan.views.RunFilter;
import dev.capstan.views.RunSummaries;
import dev.capstan.views.RunSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What completed runs did cost, by the views of runs and of costs. */
public final class PastRuns implements History {
  private static final int LOOKED_AT = 100;
  private static final int MOST = 20;
  private static final int MOST_STEPS = 1_000;

  private final RunSummaries summaries;
  private final Costs costs;

  public PastRuns(RunSummaries summaries, Costs costs) {
    this.summaries = summaries;
    this.costs = costs;
  }

  @Override
  public List<Past> of(TenantId tenant, String plan) {
    RunFilter named = new RunFilter(tenant, Set.of(RunStatus.COMPLETED), plan, null, null, null);
    return summaries.list(named, null, LOOKED_AT).items().stream()
        // The filter looks at prompts too, and within names.
        .filter(run -> run.name().equals(plan) && run.forkedFrom() == null)
        .limit(MOST)
        .map(this::past)
        .toList();
  }

  private Past past(RunSummary run) {
    Map<String, Money> steps = new HashMap<>();
    for (Costs.Sum sum :
        costs
            .sums(Costs.By.STEP, new Costs.Selection(run.tenant(), run.run(), null), MOST_STEPS)
            .dearest()) {
      String step = sum.who().getOrDefault("step", "");
      if (!step.isEmpty()) {
        steps.merge(StepRef.parse(step).step(), sum.cost(), Money::plus);
      }
    }
    Instant start = run.startedAt() == null ? run.createdAt() : run.startedAt();
    Instant end = run.endedAt() == null ? start : run.endedAt();
    return new Past(steps, Duration.between(start, end).toMillis());
  }
}
