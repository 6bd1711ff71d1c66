package dev.capstan.views;

import dev.capstan.journal.RunState;
import dev.capstan.journal.RunStatus;
import dev.capstan.kernel.RunId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run's steps and what depends on what, with where each stands. */
public record Graph(RunId run, RunStatus status, String name, List<Node> nodes, List<Edge> edges) {
  public record Node(String id, String kind, @Nullable String tool, String status, int attempt) {}

  /** {@code to} needs {@code from}. */
  public record Edge(String from, String to) {}

  public static Graph of(RunState state) {
    List<Node> nodes = new ArrayList<>();
    List<Edge> edges = new ArrayList<>();
    if (state.hasPlan()) {
      state.steps().stream()
          .map(StepView::of)
          .forEach(step -> {
            nodes.add(
                new Node(
                    step.id(), step.kind(), step.tool(), step.status().wireName(), step.attempt()));
            step.dependsOn().forEach(from -> edges.add(new Edge(from, step.id())));
          });
    }
    return new Graph(
        state.run(),
        state.status(),
        state.hasPlan() ? state.generated().name() : "",
        List.copyOf(nodes),
        List.copyOf(edges));
  }
}
