package dev.capstan.agents.pattern;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far the reading of a prompt has come, and what it has found so far. The readers move {@link
 * #at} forward over what they understood and put it back when they did not.
 */
final class Reading {
  /** A calculation so far, by its step; {@code verb} is what the step's id begins with. */
  record Known(String step, String verb) {}

  final Words words;
  int at;

  private final List<Command> commands = new ArrayList<>();
  private final List<Known> results = new ArrayList<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private @Nullable String lastTodo;
  private @Nullable String complaint;

  Reading(Words words) {
    this.words = words;
  }

  boolean is(String... wanted) {
    return words.is(at, wanted);
  }

  /** Steps over one of these words. */
  boolean take(String... wanted) {
    if (!words.is(at, wanted)) {
      return false;
    }
    at++;
    return true;
  }

  /** Steps over these words, all of them in this order. */
  boolean takeAll(String... wanted) {
    if (!words.are(at, wanted)) {
      return false;
    }
    at += wanted.length;
    return true;
  }

  List<Command> commands() {
    return commands;
  }

  List<Known> results() {
    return results;
  }

  Formula.Result calculate(String verb, Formula formula) {
    String step = nextId(verb);
    commands.add(new Command.Calculate(step, formula));
    results.add(new Known(step, verb));
    return new Formula.Result(step);
  }

  void tell() {
    commands.add(new Command.Tell());
  }

  void addTodo(String text) {
    lastTodo = nextId("todo");
    commands.add(new Command.AddTodo(lastTodo, text));
  }

  /** The formula of a calculation that was read before. */
  Formula formula(Formula.Result result) {
    for (Command command : commands) {
      if (command instanceof Command.Calculate calculation
          && calculation.step().equals(result.step())) {
        return calculation.formula();
      }
    }
    throw new IllegalStateException("no step " + result.step());
  }

  void listTodos(@Nullable Boolean done) {
    commands.add(new Command.ListTodos(nextId("list"), done));
  }

  void changeTodo(String action, Object id, @Nullable String text, @Nullable Boolean done) {
    commands.add(new Command.ChangeTodo(nextId(action), action, id, text, done));
  }

  /** Whether anything was asked about todos so far. */
  boolean hasTodos() {
    return commands.stream()
        .anyMatch(
            command -> !(command instanceof Command.Calculate || command instanceof Command.Tell));
  }

  @Nullable String lastTodo() {
    return lastTodo;
  }

  private String nextId(String verb) {
    return verb + "_" + counts.merge(verb, 1, Integer::sum);
  }

  /** Says why the words here cannot be meant, in case nothing else fits them. */
  void complain(String message) {
    if (complaint == null) {
      complaint = message;
    }
  }

  /** The complaint since this was last asked. */
  @Nullable String takeComplaint() {
    String taken = complaint;
    complaint = null;
    return taken;
  }
}
