package dev.capstan.agents.crew;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.document.At;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a crew's plan: a step for each task, one after the other but for those that need not be
 * waited for, each told the results of those before it; and where a person looks at a result, a
 * step that asks and one that takes up what was said.
 */
final class CrewPlan {
  private final Crew crew;
  private final Origins origins = new Origins();
  private final ArrayNode steps = Json.mapper().createArrayNode();
  private final Map<String, CrewTask> earlier = new HashMap<>();
  private final List<String> synchronous = new ArrayList<>();

  private CrewPlan(Crew crew) {
    this.crew = crew;
  }

  /**
   * A plan, unchecked.
   *
   * @param origins where in the crew its parts come from
   */
  record Written(JsonNode plan, Origins origins) {}

  static Written of(Crew crew) {
    return new CrewPlan(crew).written();
  }

  private Written written() {
    origins.put("steps", At.ROOT.field("tasks"));
    crew.tasks().forEach(this::task);
    ObjectNode plan = crew.plan();
    plan.set("steps", steps);
    if (!plan.has("outputs") && !crew.tasks().isEmpty()) {
      plan.putObject("outputs").put("answer", "${" + result(crew.tasks().getLast()) + "}");
    }
    return new Written(plan, origins);
  }

  private void task(CrewTask task) {
    Set<String> after = new LinkedHashSet<>();
    if (!synchronous.isEmpty()) {
      after.add(lastStep(task(synchronous.getLast())));
    }
    ObjectNode input = input(task, steps.size());
    describe(task, task.description(), input);
    context(task).forEach(input.withArray("context")::add);
    step(task, task.id(), input, after);
    if (task.humanInput()) {
      review(task);
    }
    earlier.put(task.id(), task);
    if (!task.async()) {
      synchronous.add(task.id());
    }
  }

  private CrewTask task(String id) {
    CrewTask task = earlier.get(id);
    if (task == null) {
      throw new IllegalStateException("the task " + id + " was not written before");
    }
    return task;
  }

  private static void describe(CrewTask task, String what, ObjectNode input) {
    input.put("task", what);
    if (task.expectedOutput() != null) {
      input.put("expected_output", task.expectedOutput());
    }
    if (task.outputSchema() != null) {
      input.set("output_schema", task.outputSchema());
    }
  }

  private void step(CrewTask task, String id, ObjectNode input, Set<String> after) {
    String path = "steps[" + steps.size() + "]";
    origins(task, path);
    ObjectNode step = steps.addObject().put("id", id).put("tool", tool());
    step.set("input", input);
    if (!after.isEmpty()) {
      after.forEach(step.withArray("depends_on")::add);
    }
    CrewAgent doer = doer(task);
    if (doer.maxTime() != null) {
      step.set("timeout", doer.maxTime());
      origins.put(path + ".timeout", doer.at().field("limits").field("max_time"));
    }
    step.setAll(task.step());
    for (String field : task.step().propertyNames()) {
      origins.put(path + "." + field, task.at().field(field));
    }
  }

  private void origins(CrewTask task, String path) {
    At at = task.at();
    boolean single = at.equals(At.ROOT);
    origins.put(path, at);
    origins.put(path + ".id", at);
    origins.put(path + ".input.task", at.field(single ? "task" : "description"));
    for (String field : List.of("expected_output", "output_schema", "context")) {
      origins.put(path + ".input." + field, at.field(field));
    }
  }

  private String tool() {
    return crew.manager() == null ? "agent" : "manager";
  }

  private CrewAgent doer(CrewTask task) {
    CrewAgent manager = crew.manager();
    return manager == null ? crew.agent(task.agent()) : manager;
  }

  /** Who does it, and, when that is a manager, whom that may ask. */
  private ObjectNode input(CrewTask task, int position) {
    String path = "steps[" + position + "].input";
    CrewAgent manager = crew.manager();
    if (manager == null) {
      CrewAgent agent = crew.agent(task.agent());
      origins.put(path, agent.at());
      return agent.brief().deepCopy();
    }
    ObjectNode input = Json.object();
    input.set("manager", manager.brief().deepCopy());
    origins.put(path + ".manager", manager.at());
    List<CrewAgent> workers =
        task.agent() == null ? crew.agents() : List.of(crew.agent(task.agent()));
    ArrayNode list = input.putArray("workers");
    for (CrewAgent worker : workers) {
      origins.put(path + ".workers[" + list.size() + "]", worker.at());
      list.add(worker.brief().deepCopy());
    }
    return input.put("max_delegations", crew.maxDelegations());
  }

  // --- what a task is told of the others ---

  private List<String> context(CrewTask task) {
    List<String> wanted = task.context();
    if (wanted == null) {
      wanted =
          task.async()
              ? synchronous
              : crew.tasks().stream().map(CrewTask::id).filter(earlier::containsKey).toList();
    }
    return wanted.stream()
        .filter(earlier::containsKey)
        .map(id -> id + ":\n${" + result(task(id)) + "}")
        .toList();
  }

  /** What came of it, in the words of its plan. */
  private static String result(CrewTask task) {
    String first = "steps.`" + task.id() + "`.output.text";
    if (!task.humanInput()) {
      return first;
    }
    String revised = "steps.`" + task.revised() + "`.output.text";
    return revised + " ? " + revised + " : " + first;
  }

  private static String lastStep(CrewTask task) {
    return task.humanInput() ? task.revised() : task.id();
  }

  // --- a person looks at it ---

  private void review(CrewTask task) {
    String first = "steps.`" + task.id() + "`.output.text";
    String path = "steps[" + steps.size() + "]";
    origins.put(path, task.at().field("human_input"));
    ObjectNode review = steps.addObject().put("id", task.review());
    review.put(
        "approval",
        "Is this what '"
            + task.id()
            + "' should come to? Approve it, approve it with a comment to have it revised, or"
            + " reject it.\n\n${"
            + first
            + "}");
    @Nullable JsonNode when = task.step().get("when");
    if (when != null) {
      review.set("when", when);
    }
    ObjectNode input = input(task, steps.size());
    describe(
        task,
        task.description()
            + "\n\nYour answer was:\n${"
            + first
            + "}\n\nA person who read it says:\n${steps.`"
            + task.review()
            + "`.output.comment}\n\nAnswer again, in full, so that this person is content.",
        input);
    context(task).forEach(input.withArray("context")::add);
    step(task, task.revised(), input, Set.of());
    steps
        .get(steps.size() - 1)
        .asObject()
        .put("when", "${$boolean(steps.`" + task.review() + "`.output.comment)}");
  }
}
