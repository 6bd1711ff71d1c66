package dev.capstan.plan;

import dev.capstan.kernel.document.At;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A step being written; what it refers to becomes what it depends on. */
final class StepDraft {
  final At at;
  final String id;
  final Action action;
  final Set<String> after = new LinkedHashSet<>();
  @Nullable Expression when;
  @Nullable Foreach foreach;
  RetryPolicy retry = RetryPolicy.NONE;
  @Nullable Duration timeout;
  @Nullable Duration heartbeat;
  Action.@Nullable CallTool compensate;
  int priority;

  StepDraft(String id, Action action) {
    this(At.ROOT, id, action);
  }

  StepDraft(At at, String id, Action action) {
    this.at = at;
    this.id = id;
    this.action = action;
  }

  /** The steps that it refers to, itself left out: its compensation may use its own output. */
  Set<String> references() {
    Set<String> found = new LinkedHashSet<>();
    found.addAll(referencesOf(action));
    addFrom(when, found);
    if (foreach != null) {
      addFrom(foreach.items(), found);
    }
    if (compensate != null) {
      Set<String> undo = new LinkedHashSet<>(compensate.input().stepReferences());
      undo.remove(id);
      found.addAll(undo);
    }
    return found;
  }

  private static void addFrom(@Nullable Expression expression, Set<String> found) {
    if (expression != null) {
      found.addAll(expression.stepReferences());
    }
  }

  private static Collection<String> referencesOf(Action action) {
    return switch (action) {
      case Action.CallTool call -> call.input().stepReferences();
      case Action.AwaitTime wait -> wait.until().stepReferences();
      case Action.AwaitApproval approval -> approval.message().stepReferences();
      case Action.AwaitSignal signal -> Set.of();
      case Action.RunPlan run -> run.inputs().stepReferences();
      case Action.Loop loop -> {
        Set<String> both = new LinkedHashSet<>(loop.inputs().stepReferences());
        both.addAll(loop.until().stepReferences());
        yield both;
      }
    };
  }

  Step step() {
    Set<String> all = new LinkedHashSet<>(after);
    all.addAll(references());
    return step(List.copyOf(all));
  }

  Step step(List<String> dependsOn) {
    return new Step(
        id, action, dependsOn, when, foreach, retry, timeout, heartbeat, compensate, priority);
  }
}
