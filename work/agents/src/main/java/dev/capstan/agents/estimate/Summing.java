package dev.capstan.agents.estimate;

import dev.capstan.agents.agent.AgentBounds;
import dev.capstan.agents.agent.ModelTool;
import dev.capstan.agents.estimate.Estimate.StepPrice;
import dev.capstan.kernel.Money;
import dev.capstan.plan.Action;
import dev.capstan.plan.Plan;
import dev.capstan.plan.Step;
import dev.capstan.plan.Template;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Goes through a plan and its sub-plans, and sums up. */
final class Summing {
  private final AgentPricing pricing;
  private final Function<String, List<History.Past>> history;
  private final Money usual;
  private final List<StepPrice> steps = new ArrayList<>();
  private final List<String> unknown = new ArrayList<>();

  /**
   * @param history of plans by name
   * @param usual budget of a run
   */
  Summing(AgentPricing pricing, Function<String, List<History.Past>> history, Money usual) {
    this.pricing = pricing;
    this.history = history;
    this.usual = usual;
  }

  List<StepPrice> steps() {
    return steps;
  }

  List<String> unknown() {
    return unknown;
  }

  /**
   * A run of this plan. All agents of one name share a budget in it, and all of it has one.
   *
   * @param path what stands before its steps' ids
   */
  Range plan(Plan plan, KnownBefore known, String path) {
    List<History.Past> past = history.apply(plan.header().name());
    Map<String, Range> byAgent = new HashMap<>();
    Range all = Range.NOTHING;
    for (Step step : plan.steps()) {
      String id = path + step.id();
      switch (step.action()) {
        case Action.CallTool call when ModelTool.isNamed(call.tool()) ->
            agents(step, id, AgentBounds.of(call.tool(), known.value(call.input())), known, past)
                .forEach((name, range) -> byAgent.merge(name, range, Range::plus));
        case Action.RunPlan run ->
            all = all.plus(times(step, id, known, child(run.plan(), run.inputs(), known, id)));
        case Action.Loop loop -> {
          Range once = child(loop.body(), loop.inputs(), known, id);
          unknown.add(
              id + " runs 1 to " + loop.maxIterations() + " times; the likely figure is for one");
          Money most = once.times(loop.maxIterations()).most();
          Range looped = new Range(once.least(), once.likely(), most);
          all = all.plus(times(step, id, known, looped));
        }
        default -> {}
      }
    }
    for (Range agent : byAgent.values()) {
      all = all.plus(agent.within(pricing.budget()));
    }
    Money own = plan.header().costBudget();
    return all.within(own == null ? usual : own);
  }

  private Range child(Plan plan, Template inputs, KnownBefore known, String id) {
    return plan(plan, new KnownBefore(known.value(inputs)), id + "/");
  }

  /** What each agent of a step costs, by its name. */
  private Map<String, Range> agents(
      Step step, String id, List<AgentBounds> all, KnownBefore known, List<History.Past> past) {
    List<String> open = new ArrayList<>();
    Map<String, Range> ranges = new LinkedHashMap<>();
    String basis = "";
    for (AgentBounds bounds : all) {
      AgentPricing.Priced priced = pricing.price(bounds);
      if (!priced.trouble().isEmpty()) {
        open.add(priced.trouble() + ", so the step will fail");
      }
      basis = basis.isEmpty() ? priced.guess() : basis;
      ranges.put(bounds.agent(), times(step, "", known, asked(priced.range(), bounds.times())));
    }
    if (all.isEmpty()) {
      open.add("its task is not known before it runs");
      ranges.put("?", new Range(Money.ZERO, Money.ZERO, null));
    }
    if (refersToSteps(step)) {
      open.add("what earlier steps tell it is not counted in");
    }
    open.addAll(often(step, known));
    List<Money> before =
        past.stream().map(run -> run.steps().getOrDefault(step.id(), Money.ZERO)).sorted().toList();
    if (!before.isEmpty()) {
      remember(ranges, before);
      basis = before.size() == 1 ? "1 past run" : before.size() + " past runs";
    }
    steps.add(shown(id, all, ranges, basis, open));
    return ranges;
  }

  /** A worker may be given no task, and many. */
  private static Range asked(Range once, int times) {
    return times == 1 ? once : new Range(Money.ZERO, once.likely(), once.times(times).most());
  }

  /** What all of the step did cost is the first agent's, who leads the others. */
  private static void remember(Map<String, Range> ranges, List<Money> before) {
    Money likely = before.get(before.size() / 2);
    for (Map.Entry<String, Range> range : ranges.entrySet()) {
      Range guessed = range.getValue();
      range.setValue(new Range(guessed.least().min(before.getFirst()), likely, guessed.most()));
      likely = Money.ZERO;
    }
  }

  private StepPrice shown(
      String id,
      List<AgentBounds> all,
      Map<String, Range> ranges,
      String basis,
      List<String> open) {
    Range sum = Range.NOTHING;
    boolean bounded = true;
    for (Range range : ranges.values()) {
      sum = sum.plus(range.within(pricing.budget()));
      bounded &= range.most() != null;
    }
    return new StepPrice(
        id,
        String.join(", ", ranges.keySet()),
        all.isEmpty() ? "?" : all.getFirst().model(),
        sum.least(),
        sum.likely(),
        bounded ? sum.most() : null,
        basis,
        open);
  }

  private static boolean refersToSteps(Step step) {
    return step.action() instanceof Action.CallTool call
        && !call.input().stepReferences().isEmpty();
  }

  /** As often as it may run: by its list and its guard. */
  private Range times(Step step, String id, KnownBefore known, Range once) {
    Range range = once;
    if (step.foreach() != null) {
      OptionalInt count = known.length(step.foreach().items());
      range =
          count.isPresent()
              ? range.times(count.getAsInt())
              : new Range(Money.ZERO, range.likely(), unbounded(once));
    }
    if (!id.isEmpty()) {
      often(step, known).forEach(words -> unknown.add(id + " " + words));
    }
    return step.when() == null ? range : range.from(Money.ZERO);
  }

  /** However often something free runs, it is free. */
  private static @Nullable Money unbounded(Range once) {
    return Money.ZERO.equals(once.most()) ? Money.ZERO : null;
  }

  private static List<String> often(Step step, KnownBefore known) {
    List<String> words = new ArrayList<>();
    if (step.foreach() != null && known.length(step.foreach().items()).isEmpty()) {
      words.add(
          "runs once for each of ${"
              + step.foreach().items().source()
              + "}, which is not known yet");
    }
    if (step.when() != null) {
      words.add("may be skipped");
    }
    return words;
  }
}
