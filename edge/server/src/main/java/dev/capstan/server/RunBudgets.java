package dev.capstan.server;

import dev.capstan.journal.Journal;
import dev.capstan.journal.Plans;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.RunId;
import dev.capstan.llm.Origin;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.config.ConfiguredRules;
import dev.capstan.llm.config.GatewaySettings;
import dev.capstan.llm.limit.Limit;
import dev.capstan.llm.stage.Rules;
import dev.capstan.llm.stage.Target;
import dev.capstan.views.LiveEvents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a run may cost by its own plan, instead of what is configured for runs; and what the runs
 * may that it is a part of. The journal says it, so a crash changes nothing of it.
 */
final class RunBudgets implements Rules {
  private static final int MOST_KEPT = 10_000;

  private final Rules configured;
  private final Function<RunId, List<Recorded>> beginnings;
  private volatile Plans plans;

  /** By run, those asked for last. What a run began with never changes. */
  private final Map<RunId, List<Budget>> known = new LinkedHashMap<>(64, 0.75f, true);

  /**
   * @param beginnings the first two events of a run, or none
   */
  private RunBudgets(Rules configured, Function<RunId, List<Recorded>> beginnings, Plans plans) {
    this.configured = configured;
    this.beginnings = beginnings;
    this.plans = plans;
  }

  /** What the journal says of runs, instead of what is configured for them. */
  static RunBudgets over(GatewaySettings configured, LiveEvents live, Journal journal) {
    return new RunBudgets(
        new ConfiguredRules(configured), run -> live.read(run, 0, 2), new Plans(journal));
  }

  /** Reads plans from here from now on, so that they are not kept twice. */
  void share(Plans shared) {
    plans = shared;
  }

  @Override
  public List<Limit> limits(Origin origin, Target target) {
    return configured.limits(origin, target);
  }

  @Override
  public List<Budget> budgets(Origin origin, Target target, Instant now) {
    List<Budget> usual = configured.budgets(origin, target, now);
    RunId run = origin.run();
    List<Budget> own = run == null ? List.of() : of(run);
    if (own.isEmpty()) {
      return usual;
    }
    Set<Account> named = own.stream().map(Budget::account).collect(Collectors.toSet());
    List<Budget> all = new ArrayList<>(own);
    usual.stream().filter(budget -> !named.contains(budget.account())).forEach(all::add);
    return all;
  }

  private List<Budget> of(RunId run) {
    synchronized (known) {
      List<Budget> kept = known.get(run);
      if (kept != null) {
        return kept;
      }
    }
    List<Budget> budgets = read(run);
    if (budgets == null) {
      return List.of();
    }
    synchronized (known) {
      known.put(run, budgets);
      var eldest = known.entrySet().iterator();
      if (known.size() > MOST_KEPT && eldest.next() != null) {
        eldest.remove();
      }
    }
    return budgets;
  }

  /** Its own and its ancestors'; null when there is no such run. */
  private @Nullable List<Budget> read(RunId first) {
    List<Budget> budgets = new ArrayList<>();
    RunId run = first;
    while (run != null) {
      List<Recorded> events = beginnings.apply(run);
      if (events.size() < 2
          || !(events.get(0).event() instanceof RunEvent.RunCreated created)
          || !(events.get(1).event() instanceof RunEvent.PlanGenerated planned)) {
        return run.equals(first) ? null : budgets;
      }
      Money most = plans.plan(planned.plan()).header().costBudget();
      if (most != null) {
        budgets.add(new Budget(new Account(Account.Scope.RUN, run.toString(), ""), most));
      }
      RunEvent.Parent parent = created.parent();
      run = parent == null ? null : parent.run();
    }
    return budgets;
  }
}
