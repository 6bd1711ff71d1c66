package dev.capstan.plan;

import dev.capstan.kernel.document.Findings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds circles of steps and draws each step by step. */
final class CycleCheck {
  private static final int MOST_DRAWN = 12;

  private final Findings findings;
  private final PlanDraft draft;
  private final Map<String, Set<String>> dependencies;
  private final Map<String, Boolean> done = new HashMap<>();
  private final List<String> path = new ArrayList<>();
  private final Map<String, StepDraft> byId = new HashMap<>();

  CycleCheck(Findings findings, PlanDraft draft, Map<String, Set<String>> dependencies) {
    this.findings = findings;
    this.draft = draft;
    this.dependencies = dependencies;
    draft.steps().forEach(step -> byId.putIfAbsent(step.id, step));
  }

  /** A depth-first walk without recursion; each way back onto the path is a circle. */
  void run() {
    for (StepDraft step : draft.steps()) {
      if (!done.containsKey(step.id)) {
        walk(step.id);
      }
    }
  }

  private void walk(String start) {
    Deque<Iterator<String>> open = new ArrayDeque<>();
    enter(start, open);
    while (!open.isEmpty()) {
      if (!open.peek().hasNext()) {
        open.pop();
        done.put(path.removeLast(), true);
        continue;
      }
      String next = open.peek().next();
      Boolean state = done.get(next);
      if (state == null) {
        enter(next, open);
      } else if (!state) {
        report(path.subList(path.indexOf(next), path.size()));
      }
    }
  }

  private void enter(String id, Deque<Iterator<String>> open) {
    done.put(id, false);
    path.add(id);
    open.push(dependencies.getOrDefault(id, Set.of()).iterator());
  }

  /** Drawn the way the work would flow, from what comes first to what waits for it. */
  private void report(List<String> circle) {
    if (findings.count() >= Findings.MOST) {
      return;
    }
    List<String> flow = new ArrayList<>(circle).reversed();
    List<String> drawn = new ArrayList<>(flow.subList(0, Math.min(flow.size(), MOST_DRAWN)));
    if (flow.size() > MOST_DRAWN) {
      drawn.add("… (" + (flow.size() - MOST_DRAWN) + " more)");
    }
    drawn.add(flow.getFirst());
    StepDraft at = byId.get(flow.getFirst());
    findings.add(
        at == null ? draft.at() : at.at,
        "these steps wait for each other in a circle: " + String.join(" → ", drawn));
  }
}
