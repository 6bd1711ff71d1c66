package dev.capstan.engine;

import dev.capstan.kernel.Breaker;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** One breaker per tool. */
final class Breakers {
  private final Map<String, Breaker> byTool = new ConcurrentHashMap<>();

  Breaker of(String tool) {
    Breaker known = byTool.get(tool);
    return known != null ? known : byTool.computeIfAbsent(tool, name -> new Breaker());
  }

  /** The breakers that have been used, by tool. */
  Map<String, Breaker.State> states() {
    Map<String, Breaker.State> states = new TreeMap<>();
    byTool.forEach((tool, breaker) -> states.put(tool, breaker.state()));
    return states;
  }
}
