package dev.capstan.plan;

/**
 * Runs a step once for every item of a list. The step's output is the list of the items' outputs,
 * in order.
 *
 * @param items an expression whose value is a list, at most {@link #MOST_ITEMS} long
 * @param maxConcurrency how many items run at the same time; 0 for no bound of its own
 */
public record Foreach(Expression items, int maxConcurrency) {
  public static final int MOST_ITEMS = 100_000;
}
