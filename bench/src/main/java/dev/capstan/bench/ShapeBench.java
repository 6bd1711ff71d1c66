package dev.capstan.bench;

import dev.capstan.engine.Submission;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.Json;
import dev.capstan.plan.InputSpec;
import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanBuilder;
import dev.capstan.postgres.Database;
import dev.capstan.tools.Echo;
import dev.capstan.tools.ToolRegistry;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ObjectNode;

/**
 * Single runs of extreme shapes: a map over 10,000 items, plans of 10,000 steps deep and wide, 500
 * parallel steps.
 */
final class ShapeBench {
  private static final int MANY = 10_000;

  private ShapeBench() {}

  private static Plan map() {
    return Plan.named("map")
        .input("items", InputSpec.Type.ARRAY)
        .step("each", "echo", Map.of("n", "${item}"))
        .foreach("inputs.items", 0)
        .build();
  }

  private static Plan chain() {
    PlanBuilder plan = Plan.named("chain").step("s0", "echo", Map.of("n", 0));
    IntStream.range(1, MANY)
        .forEach(
            i -> plan.step("s" + i, "echo", Map.of("n", "${steps.s" + (i - 1) + ".output.n}")));
    return plan.build();
  }

  private static Plan layers() {
    PlanBuilder plan = Plan.named("layers");
    for (int i = 0; i < MANY; i++) {
      plan.step("s" + i, "echo", Map.of("n", i));
      if (i >= 100) {
        plan.after("s" + (i - 100), "s" + (i / 100 * 100 - 1));
      }
    }
    return plan.build();
  }

  private static Plan wide(int steps) {
    PlanBuilder plan = Plan.named("wide");
    IntStream.range(0, steps).forEach(i -> plan.step("s" + i, "echo", Map.of("n", i)));
    return plan.build();
  }

  /** Seconds of the best of three rounds. */
  private static double time(Bench bench, String what, Plan plan, ObjectNode inputs) {
    double best = Double.MAX_VALUE;
    for (int round = 0; round < 3; round++) {
      long start = System.nanoTime();
      RunEvent.Terminal end = bench.run(Submission.of(plan, inputs)).join();
      double seconds = (System.nanoTime() - start) / 1e9;
      if (!(end instanceof RunEvent.RunCompleted)) {
        throw new IllegalStateException(what + " ended as " + end);
      }
      System.out.printf("capstan   %-28s round %d  %6.2f s%n", what, round + 1, seconds);
      best = Math.min(best, seconds);
    }
    return best;
  }

  private static void measure(Database database, Targets targets) {
    ObjectNode items = Json.object();
    items.set("items", Json.valueOf(List.of(IntStream.range(0, MANY).boxed().toArray())));
    ObjectNode none = Json.object();
    try (Bench bench = new Bench(database, Bench.Setup.of(ToolRegistry.of(new Echo())))) {
      targets.atMost("map over 10,000 items, s", time(bench, "map", map(), items), 2);
      targets.atMost("10,000 steps in a chain, s", time(bench, "chain", chain(), none), 5);
      targets.atMost("10,000 steps in 100 layers, s", time(bench, "layers", layers(), none), 5);
      targets.atMost("10,000 steps at once, s", time(bench, "wide", wide(MANY), none), 5);
      targets.atMost("500 steps at once, s", time(bench, "500", wide(500), none), 1);
    }
  }

  static void main(String[] args) throws Exception {
    Targets targets = new Targets();
    Places.withDatabase(database -> measure(database, targets));
    targets.conclude(args);
  }
}
