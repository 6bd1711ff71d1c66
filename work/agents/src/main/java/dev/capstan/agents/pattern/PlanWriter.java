package dev.capstan.agents.pattern;

import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes commands as a plan. A step waits for those whose results it uses, and for nothing else;
 * but what changes todos goes one after the other, in the order asked for, and a list waits for the
 * changes before it.
 */
final class PlanWriter {
  private static final int TODO_RETRIES = 3;

  private final PlanBuilder plan;
  private final List<String> answer = new ArrayList<>();

  /** The last step that changed todos, and those that have read them since. */
  private final List<String> before = new ArrayList<>();

  private String lastChange = "";

  private PlanWriter(String prompt) {
    String line = prompt.strip().replaceAll("\\s+", " ");
    this.plan =
        Plan.named("prompt").description(line.length() > 200 ? line.substring(0, 200) + "…" : line);
  }

  static Plan write(String prompt, List<Command> commands) {
    PlanWriter writer = new PlanWriter(prompt);
    commands.forEach(writer::write);
    writer.plan.output("answer", String.join("\n", writer.answer));
    for (Command command : commands) {
      writer.output(command);
    }
    return writer.plan.build();
  }

  private void write(Command command) {
    switch (command) {
      case Command.Calculate calculate -> write(calculate);
      case Command.Tell ignored -> {}
      case Command.AddTodo add -> write(add);
      case Command.ListTodos list -> write(list);
      case Command.ChangeTodo changed -> write(changed);
    }
  }

  private void write(Command.Calculate calculate) {
    Formula formula = calculate.formula();
    plan.step(calculate.step(), "calculator", Map.of("expression", formula.expression()));
    answer.add(formula.shown() + " = ${steps." + calculate.step() + ".output.result}");
  }

  private void write(Command.AddTodo add) {
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("action", "add");
    input.put("text", add.text());
    change(add.step(), input);
  }

  private void write(Command.ListTodos list) {
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("action", "list");
    if (list.done() != null) {
      input.put("done", list.done());
    }
    read(list.step(), input);
  }

  private void write(Command.ChangeTodo changed) {
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("action", changed.action());
    input.put("id", changed.id());
    if (changed.text() != null) {
      input.put("text", changed.text());
    }
    if (changed.done() != null) {
      input.put("done", changed.done());
    }
    if (changed.action().equals("get")) {
      read(changed.step(), input);
    } else {
      change(changed.step(), input);
    }
  }

  private void change(String step, Map<String, Object> input) {
    plan.step(step, "todo", input).retry(TODO_RETRIES).after(before.toArray(String[]::new));
    before.clear();
    before.add(step);
    lastChange = step;
    answer.add("${steps." + step + ".output.text}");
  }

  private void read(String step, Map<String, Object> input) {
    plan.step(step, "todo", input).retry(TODO_RETRIES);
    if (!lastChange.isEmpty()) {
      plan.after(lastChange);
      before.remove(lastChange);
    }
    before.add(step);
    answer.add("${steps." + step + ".output.text}");
  }

  private void output(Command command) {
    switch (command) {
      case Command.Calculate calculate ->
          plan.output(calculate.step(), "${steps." + calculate.step() + ".output.result}");
      case Command.Tell ignored -> {}
      case Command.AddTodo add ->
          plan.output(add.step(), "${steps." + add.step() + ".output.todo}");
      case Command.ListTodos list ->
          plan.output(list.step(), "${steps." + list.step() + ".output.todos}");
      case Command.ChangeTodo changed ->
          plan.output(changed.step(), "${steps." + changed.step() + ".output.todo}");
    }
  }
}
