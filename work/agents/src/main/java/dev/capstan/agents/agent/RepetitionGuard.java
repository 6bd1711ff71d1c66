package dev.capstan.agents.agent;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import dev.capstan.llm.chat.ToolRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Notices an agent that makes the same call with the same arguments again and again: the second
 * time it is told, the {@value #ENDS_AT}th time it is ended.
 */
final class RepetitionGuard {
  static final int ENDS_AT = 3;
  private final Map<String, Integer> seen = new HashMap<>();

  /** Counts the request and says how often it was made, this time included. */
  int count(ToolRequest request) {
    return seen.merge(kind(request), 1, Integer::sum);
  }

  /** Those that are made for the first time, the first of each kind. */
  List<Call> firsts(List<Call> calls) {
    Set<String> kinds = new HashSet<>(seen.keySet());
    return calls.stream().filter(call -> kinds.add(kind(call.request()))).toList();
  }

  private static String kind(ToolRequest request) {
    return request.tool() + ' ' + canonical(request.arguments());
  }

  /** However the model spaces them: the same arguments. */
  private static String canonical(String arguments) {
    try {
      return Json.write(Json.parse(arguments));
    } catch (Refusal broken) {
      return arguments.strip();
    }
  }
}
