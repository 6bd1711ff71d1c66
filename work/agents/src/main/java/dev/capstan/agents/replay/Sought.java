package dev.capstan.agents.replay;

import dev.capstan.agents.agent.Calls;

/**
 * A call whose result is sought among what was recorded.
 *
 * @param call what it is known by; empty for a step's own call
 * @param id its id, as far as that tells it
 * @param nameless whether it tells no id, for the id could be no name
 */
record Sought(String call, String id, boolean nameless) {
  /** How surely a result was recorded of it; the surest first. */
  enum Likeness {
    /** The very name, or as much of it as was written down. */
    SAME,
    /** The id, which more than one of an agent's calls have. */
    SAME_ID,
    /** Neither has an id that could tell. */
    NAMELESS,
    OTHER,
    /** One is a step's own, and one an agent's. */
    NEVER;

    /** Whether it may be the call's when nobody knows what the recorded one was given. */
    boolean isEnough() {
      return compareTo(OTHER) < 0;
    }
  }

  static Sought of(String call) {
    return new Sought(call, Calls.idOf(call), Calls.isNameless(afterSlash(call)));
  }

  Likeness likeness(RecordedResult result) {
    String recorded = result.call();
    if (isSame(recorded, call)) {
      return Likeness.SAME;
    }
    if (nameless && !Calls.canBeName(afterSlash(recorded))) {
      return Likeness.NAMELESS;
    }
    if (call.isEmpty() || recorded.isEmpty()) {
      return Likeness.NEVER;
    }
    return isSame(recorded, id) ? Likeness.SAME_ID : Likeness.OTHER;
  }

  /** Calls of an agent within an agent have the other's number before their own name. */
  private static boolean isSame(String recorded, String call) {
    return call.equals(recorded) || (!recorded.isEmpty() && call.endsWith("/" + recorded));
  }

  private static String afterSlash(String call) {
    return call.substring(call.lastIndexOf('/') + 1);
  }
}
