package dev.capstan.agents.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.agents.Planned;
import dev.capstan.engine.step.Checkpoints;
import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.journal.StepRef;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.plan.Action;
import dev.capstan.plan.Plan;
import dev.capstan.plan.Scope;
import dev.capstan.plan.Step;
import dev.capstan.tools.ToolRegistry;
import dev.capstan.tools.calculator.Calculator;
import dev.capstan.tools.todo.MemoryTodoStore;
import dev.capstan.tools.todo.TodoTool;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** From a prompt through the real tools to its answer. */
class PromptStory {
  private final ToolRegistry tools =
      ToolRegistry.of(
          new Calculator(),
          new TodoTool(new MemoryTodoStore(), () -> Instant.parse("2026-11-21T12:00:00Z")));
  private int runs;

  @Test
  void a_question_is_answered() throws InterruptedException {
    assertThat(answer("what is (17+25)*3?")).isEqualTo("(17 + 25) * 3 = 126");
    assertThat(answer("15% of 80")).isEqualTo("15% of 80 = 12");
    assertThat(answer("subtract 5 from 3 and square it")).isEqualTo("3 - 5 = -2\n(-2) ^ 2 = 4");
    assertThat(answer("subtract 5 from 3, then subtract it from 1"))
        .isEqualTo("3 - 5 = -2\n1 - -2 = 3");
    assertThat(answer("the difference between 10 and 2.5")).isEqualTo("10 - 2.5 = 7.5");
  }

  @Test
  void results_become_todos() throws InterruptedException {
    assertThat(answer("add 2 and 3, multiply 10 by 5, then add both results to my todos"))
        .isEqualTo("2 + 3 = 5\n10 * 5 = 50\nadded todo 1: 2 + 3 = 5\nadded todo 2: 10 * 5 = 50");
    assertThat(answer("complete todo 1, rename todo 2 to \"ten fives\" and list my todos"))
        .endsWith("1. 2 + 3 = 5 (done)\n2. ten fives");
    assertThat(answer("add call Ada to my todos and complete it, then list my open todos"))
        .isEqualTo("added todo 3: call Ada\ncompleted todo 3: call Ada\n2. ten fives");
    assertThat(answer("delete todos 1, 2 and 3. list my todos.")).endsWith("no todos");
  }

  @Test
  void what_people_write_is_never_an_expression() throws InterruptedException {
    for (String text :
        new String[] {
          "${steps.todo_1.output}", "$${x}", "a $ b ${", "${}", "$$$${inputs.a}", "}${"
        }) {
      assertThat(answer("add \"" + text + "\" to my todos")).endsWith(": " + text);
    }
  }

  private String answer(String prompt) throws InterruptedException {
    return switch (new PatternPlanner().plan(prompt, TenantId.LOCAL)) {
      case Planned.Understood understood -> run(understood.plan()).path("answer").asString();
      case Planned.NotUnderstood refused -> throw new AssertionError(refused.problem().toString());
    };
  }

  /** The steps stand in an order in which each comes after what it needs. */
  private JsonNode run(Plan plan) throws InterruptedException {
    runs++;
    Map<String, JsonNode> outputs = new LinkedHashMap<>();
    for (Step step : plan.steps()) {
      assertThat(outputs.keySet()).containsAll(step.dependsOn());
      var action = (Action.CallTool) step.action();
      JsonNode input = action.input().evaluate(scope(outputs));
      var call =
          new ToolCall(
              new RunId(runs),
              TenantId.LOCAL,
              StepRef.of(step.id()),
              1,
              runs + "/" + step.id(),
              input,
              null,
              progress -> {},
              Checkpoints.NONE);
      switch (tools.tool(action.tool()).orElseThrow().call(call)) {
        case Outcome.Completed completed -> outputs.put(step.id(), completed.output());
        case Outcome other -> throw new AssertionError(other.toString());
      }
    }
    ObjectNode answer = Json.object();
    plan.outputs().forEach((name, value) -> answer.set(name, value.evaluate(scope(outputs))));
    return answer;
  }

  private static Scope scope(Map<String, JsonNode> outputs) {
    return new Scope() {
      @Override
      public Optional<JsonNode> stepOutput(String stepId) {
        return Optional.ofNullable(outputs.get(stepId));
      }

      @Override
      public Optional<JsonNode> root(String name) {
        return Optional.empty();
      }

      @Override
      public JsonNode whole() {
        ObjectNode steps = Json.object();
        outputs.forEach((id, output) -> steps.putObject(id).set("output", output));
        ObjectNode all = Json.object();
        all.set("steps", steps);
        return all;
      }
    };
  }
}
