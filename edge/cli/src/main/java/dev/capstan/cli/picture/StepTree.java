package dev.capstan.cli.picture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Puts a DAG's steps in the order and under the lines of a tree: each below that one of the steps
 * it needs which comes latest.
 */
final class StepTree {
  /** A step and the lines that lead to it, as {@code │ ├─ }. */
  record Row(JsonNode step, String lines) {}

  private final List<JsonNode> steps;
  private final Map<Integer, List<Integer>> children = new HashMap<>();
  private final List<Row> rows = new ArrayList<>();

  private StepTree(List<JsonNode> steps) {
    this.steps = steps;
  }

  static List<Row> rows(List<JsonNode> steps) {
    StepTree tree = new StepTree(steps);
    tree.hang();
    tree.walk();
    return tree.rows;
  }

  private void hang() {
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      places.put(id(steps.get(i)), i);
    }
    int[] depths = depths(places);
    for (int i = 0; i < steps.size(); i++) {
      int parent = -1;
      for (JsonNode dependency : steps.get(i).path("depends_on").values()) {
        Integer place = places.get(dependency.asString(""));
        if (place != null && (parent < 0 || depths[place] >= depths[parent])) {
          parent = place;
        }
      }
      children.computeIfAbsent(parent, none -> new ArrayList<>()).add(i);
    }
  }

  /** How far from the roots; by rounds, so that a step may stand before what it needs. */
  private int[] depths(Map<String, Integer> places) {
    int[] depths = new int[steps.size()];
    boolean moved = true;
    for (int round = 0; moved && round <= steps.size(); round++) {
      moved = false;
      for (int i = 0; i < steps.size(); i++) {
        for (JsonNode dependency : steps.get(i).path("depends_on").values()) {
          Integer place = places.get(dependency.asString(""));
          if (place != null && depths[i] <= depths[place]) {
            depths[i] = depths[place] + 1;
            moved = true;
          }
        }
      }
    }
    return depths;
  }

  private void walk() {
    record Visit(int step, String lead, boolean last, boolean root) {}
    List<Visit> stack = new ArrayList<>();
    List<Integer> roots = children.getOrDefault(-1, List.of());
    for (int i = roots.size() - 1; i >= 0; i--) {
      stack.add(new Visit(roots.get(i), "", i == roots.size() - 1, true));
    }
    while (!stack.isEmpty()) {
      Visit visit = stack.removeLast();
      String branch = visit.root ? "" : visit.last ? "└─ " : "├─ ";
      rows.add(new Row(steps.get(visit.step), visit.lead + branch));
      List<Integer> below = children.getOrDefault(visit.step, List.of());
      String lead = visit.lead + (visit.root ? "" : visit.last ? "   " : "│  ");
      for (int i = below.size() - 1; i >= 0; i--) {
        stack.add(new Visit(below.get(i), lead, i == below.size() - 1, false));
      }
    }
  }

  private static String id(JsonNode step) {
    return step.path("id").asString("");
  }
}
