package dev.capstan.server.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which endpoint answers which method and path. Built once, then only read. */
public final class Routes {
  private static final List<String> PREFIX = List.of("api", "v1");

  private static final class Node {
    private final Map<String, Node> children = new HashMap<>();
    private final Map<String, Endpoint> endpoints = new TreeMap<>();
    private @Nullable Node any;
    private String anyName = "";
  }

  /**
   * What a path leads to.
   *
   * @param endpoints by method
   */
  public record Match(Map<String, Endpoint> endpoints, Map<String, String> variables) {}

  private final Node root = new Node();
  private final List<String> operations = new ArrayList<>();
  private final Map<String, Endpoint> strays = new HashMap<>();

  /** Adds an endpoint at a path such as {@code /runs/{id}/events}. */
  public Routes add(String method, String path, Endpoint endpoint) {
    Node node = root;
    for (String segment : path.substring(1).split("/", -1)) {
      if (segment.startsWith("{")) {
        if (node.any == null) {
          node.any = new Node();
          node.anyName = segment.substring(1, segment.length() - 1);
        }
        node = node.any;
      } else {
        node = node.children.computeIfAbsent(segment, _ -> new Node());
      }
    }
    if (node.endpoints.put(method, endpoint) != null) {
      throw new IllegalStateException("two endpoints at " + method + " " + path);
    }
    operations.add(method + " " + path);
    return this;
  }

  /** Adds who answers what lies under this first segment and leads nowhere. */
  public Routes otherwise(String segment, Endpoint endpoint) {
    strays.put(segment, endpoint);
    return this;
  }

  /** Who answers for a path that leads nowhere, if anybody does. */
  @Nullable Endpoint stray(List<String> segments) {
    return segments.isEmpty() ? null : strays.get(segments.getFirst());
  }

  /** Every operation, as {@code GET /runs/{id}}. */
  public List<String> operations() {
    return List.copyOf(operations);
  }

  /** What this path leads to, with or without {@code /api/v1} before it; null for nothing. */
  @Nullable Match find(List<String> segments) {
    boolean prefixed = segments.size() > 2 && segments.subList(0, 2).equals(PREFIX);
    Node node = root;
    Map<String, String> variables = Map.of();
    for (String segment : prefixed ? segments.subList(2, segments.size()) : segments) {
      Node next = node.children.get(segment);
      if (next == null) {
        next = node.any;
        if (next == null || segment.isEmpty()) {
          return null;
        }
        variables = variables.isEmpty() ? new HashMap<>(2) : variables;
        variables.put(node.anyName, segment);
      }
      node = next;
    }
    return node.endpoints.isEmpty() ? null : new Match(node.endpoints, variables);
  }
}
