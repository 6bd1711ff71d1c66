package dev.capstan.plan;

import dev.capstan.kernel.Money;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A checked, immutable DAG of steps. Only {@link PlanReader} and code that builds plans by hand
 * make one; both go through {@link #of}, which refuses what is no DAG.
 */
public final class Plan {
  private final Header header;
  private final List<InputSpec> inputs;
  private final List<Step> steps;
  private final Map<String, Template> outputs;
  private final Map<String, Integer> indexes;
  private final int[][] dependents;
  private final int[] dependencyCounts;

  /**
   * What holds for the plan as a whole.
   *
   * @param maxParallel how many steps of one run may be under way at once; 0 for no bound
   * @param deadline the longest a run may take from its start
   * @param allowPartialCompletion whether independent branches finish although a step failed
   * @param costBudget the most that all models of a run may cost together; null for what is usual
   */
  public record Header(
      String name,
      @Nullable String description,
      int maxParallel,
      @Nullable Duration deadline,
      boolean allowPartialCompletion,
      @Nullable Money costBudget) {
    public static Header named(String name) {
      return new Header(name, null, 0, null, false, null);
    }

    Header withCostBudget(@Nullable Money most) {
      return new Header(name, description, maxParallel, deadline, allowPartialCompletion, most);
    }
  }

  private Plan(
      Header header, List<InputSpec> inputs, List<Step> steps, Map<String, Template> outputs) {
    this.header = header;
    this.inputs = List.copyOf(inputs);
    this.steps = List.copyOf(steps);
    this.outputs = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(outputs));
    this.indexes = HashMap.newHashMap(steps.size());
    for (int i = 0; i < steps.size(); i++) {
      if (indexes.put(steps.get(i).id(), i) != null) {
        throw new IllegalArgumentException("two steps are called " + steps.get(i).id());
      }
    }
    this.dependencyCounts = new int[steps.size()];
    this.dependents = dependentsOf(this.steps);
    refuseCycles();
  }

  /**
   * Throws {@link IllegalArgumentException} for a duplicate id, an unknown dependency or a cycle.
   */
  public static Plan of(
      Header header, List<InputSpec> inputs, List<Step> steps, Map<String, Template> outputs) {
    return new Plan(header, inputs, steps, outputs);
  }

  /** Starts a plan written in Java; see {@link PlanBuilder}. */
  public static PlanBuilder named(String name) {
    return new PlanBuilder(name);
  }

  /** The same plan, with this budget instead of its own. */
  public Plan withCostBudget(Money most) {
    return new Plan(header.withCostBudget(most), inputs, steps, outputs);
  }

  private int[][] dependentsOf(List<Step> all) {
    int[] fanOut = new int[all.size()];
    for (int i = 0; i < all.size(); i++) {
      for (String dependency : all.get(i).dependsOn()) {
        fanOut[indexOf(dependency)]++;
        dependencyCounts[i]++;
      }
    }
    int[][] found = new int[all.size()][];
    for (int i = 0; i < all.size(); i++) {
      found[i] = new int[fanOut[i]];
    }
    for (int i = 0; i < all.size(); i++) {
      for (String dependency : all.get(i).dependsOn()) {
        int from = indexOf(dependency);
        found[from][--fanOut[from]] = i;
      }
    }
    return found;
  }

  private void refuseCycles() {
    int[] open = dependencyCounts.clone();
    int[] queue = new int[steps.size()];
    int tail = 0;
    for (int i = 0; i < open.length; i++) {
      if (open[i] == 0) {
        queue[tail++] = i;
      }
    }
    for (int head = 0; head < tail; head++) {
      for (int dependent : dependents[queue[head]]) {
        if (--open[dependent] == 0) {
          queue[tail++] = dependent;
        }
      }
    }
    if (tail < steps.size()) {
      throw new IllegalArgumentException("the steps depend on each other in a circle");
    }
  }

  public Header header() {
    return header;
  }

  public List<InputSpec> inputs() {
    return inputs;
  }

  /** In the order written; a step's index is its place here. */
  public List<Step> steps() {
    return steps;
  }

  /**
   * What a completed run returns, by name, in the order written; each step's own output stays with
   * the step.
   */
  public Map<String, Template> outputs() {
    return outputs;
  }

  public Step step(int index) {
    return steps.get(index);
  }

  public boolean has(String stepId) {
    return indexes.containsKey(stepId);
  }

  /** Throws {@link IllegalArgumentException} when there is no such step. */
  public int indexOf(String stepId) {
    Integer index = indexes.get(stepId);
    if (index == null) {
      throw new IllegalArgumentException("there is no step " + stepId);
    }
    return index;
  }

  /** How many steps must end before this one is ready. */
  public int dependencyCount(int index) {
    return dependencyCounts[index];
  }

  /** The steps that wait for this one. The array is the plan's own: do not write to it. */
  public int[] dependents(int index) {
    return dependents[index];
  }
}
