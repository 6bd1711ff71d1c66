package dev.capstan.plan;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Valid plans of every shape, the same for the same seed; they call the tool {@code echo}. */
final class RandomPlans {
  private final Random dice;

  RandomPlans(long seed) {
    this.dice = new Random(seed);
  }

  Plan plan() {
    return plan(1 + dice.nextInt(12), 2);
  }

  private Plan plan(int size, int depth) {
    List<InputSpec> inputs =
        List.of(
            new InputSpec("any", InputSpec.Type.ANY, false, value(2), maybe("what it is")),
            new InputSpec("list", InputSpec.Type.ARRAY, false, Json.parse("[1, 2]"), null),
            new InputSpec("text", InputSpec.Type.STRING, false, Json.text("t"), null));
    List<String> ids = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      String id = dice.nextBoolean() ? "s" + i : "step-" + i;
      steps.add(step(id, ids, depth));
      ids.add(id);
    }
    Map<String, Template> outputs = new LinkedHashMap<>();
    for (int i = dice.nextInt(3); i > 0; i--) {
      outputs.put("out" + i, template(ids, false));
    }
    Plan.Header header =
        new Plan.Header(
            "plan " + dice.nextInt(100),
            maybe("a description"),
            dice.nextInt(3),
            maybe(Duration.ofMillis(1 + dice.nextInt(1_000_000))),
            dice.nextBoolean(),
            maybe(new Money(dice.nextInt(1_000_000))));
    return Plan.of(header, inputs, steps, outputs);
  }

  private Step step(String id, List<String> earlier, int depth) {
    boolean each = dice.nextInt(4) == 0;
    StepDraft draft = new StepDraft(id, action(earlier, each, depth));
    if (!earlier.isEmpty() && dice.nextBoolean()) {
      draft.after.add(earlier.get(dice.nextInt(earlier.size())));
    }
    draft.when = dice.nextInt(4) == 0 ? Templates.expression("inputs.text != ''") : null;
    draft.foreach = each ? new Foreach(Templates.expression(items()), dice.nextInt(3)) : null;
    if (dice.nextInt(3) == 0) {
      draft.retry =
          new RetryPolicy(
              dice.nextInt(10),
              dice.nextBoolean() ? RetryPolicy.Strategy.LINEAR : RetryPolicy.Strategy.FIXED,
              Duration.ofMillis(dice.nextInt(5_000)),
              Duration.ofSeconds(5 + dice.nextInt(100)),
              dice.nextBoolean());
    }
    draft.timeout = maybe(Duration.ofSeconds(1 + dice.nextInt(1_000)));
    draft.heartbeat = maybe(Duration.ofNanos(1 + dice.nextInt(1_000_000_000)));
    draft.compensate =
        maybe(new Action.CallTool("echo", Templates.template(reference(id, "undo"))));
    draft.priority = dice.nextInt(201) - 100;
    return draft.step();
  }

  private String items() {
    return dice.nextBoolean() ? "inputs.list" : "[1,2.50,{\"a\":null},\"text\"]";
  }

  private Action action(List<String> earlier, boolean each, int depth) {
    return switch (dice.nextInt(depth > 0 ? 10 : 8)) {
      case 0 -> new Action.AwaitTime(Templates.template(Json.text("1m30s")));
      case 1 -> new Action.AwaitTime(Templates.template(Json.text("${inputs.text}")));
      case 2 -> new Action.AwaitApproval(Templates.template(Json.text("Ship ${inputs.text}?")));
      case 3 -> new Action.AwaitSignal("go");
      case 8 -> new Action.RunPlan(plan(1 + dice.nextInt(3), depth - 1), some());
      case 9 ->
          new Action.Loop(
              plan(1 + dice.nextInt(3), depth - 1),
              Templates.template(Json.parse("{\"text\": \"${$string(iteration)}\"}")),
              Templates.expression("iteration >= 2 or last.out1 = 1"),
              1 + dice.nextInt(5));
      default -> new Action.CallTool("echo", template(earlier, each));
    };
  }

  private Template some() {
    return Templates.template(Json.parse("{\"text\": \"${inputs.text}\"}"));
  }

  private Template template(List<String> earlier, boolean each) {
    ObjectNode object = Json.object();
    object.set("constant", value(3));
    if (!earlier.isEmpty()) {
      object.set("from", reference(earlier.get(dice.nextInt(earlier.size())), "x"));
    }
    if (each) {
      object.put("item", "${item} at ${index}");
    }
    object.put("sum", "${$count(inputs.list) + 1}");
    return Templates.template(object);
  }

  private static JsonNode reference(String id, String field) {
    return Json.text("${steps.`" + id + "`.output." + field + "}");
  }

  private JsonNode value(int depth) {
    return switch (dice.nextInt(depth > 0 ? 8 : 6)) {
      case 0 -> Json.nothing();
      case 1 -> Json.bool(dice.nextBoolean());
      case 2 -> Json.parse(Integer.toString(dice.nextInt()));
      case 3 -> Json.number(new BigDecimal(dice.nextLong()).movePointLeft(1 + dice.nextInt(30)));
      case 4 -> Json.parse("123456789012345678901234567890");
      case 5 -> Json.text("täxt \" \\ \n $${" + dice.nextInt());
      case 6 -> Json.mapper().createArrayNode().add(value(depth - 1)).add(value(depth - 1));
      default -> Json.object().set("k" + dice.nextInt(5), value(depth - 1));
    };
  }

  private <T> T maybe(T value) {
    return dice.nextInt(3) == 0 ? value : null;
  }
}
