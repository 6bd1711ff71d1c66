package dev.capstan.llm.limit;

/**
 * How much of a limit is taken. Times are nanoseconds since 1970 that never go back. Used by one
 * thread at a time.
 */
interface Room {
  /** When time alone never makes room. */
  long NEVER = Long.MAX_VALUE;

  boolean fits(long amount, long most, long now);

  /** Takes it, whether it fits or not. */
  Place take(long amount, long now);

  /** When time alone makes room, and {@link #NEVER} when something else must. */
  long freeAt(long amount, long most, long now);

  /** Whether it would be the same if it were made anew. */
  boolean isEmpty(long now);

  /** When it is worth looking again; {@link #NEVER} when somebody will say so. */
  default long lookAt(long amount, long most, long now) {
    return freeAt(amount, most, now);
  }

  /**
   * Somebody waits for so much. A room that has to ask for it does so, and then its answer will
   * come.
   *
   * @return whether an answer will come
   */
  default boolean wanted(long amount, long most, long now) {
    return false;
  }

  /** A part of a room that a call has taken. */
  interface Place {
    Place NOWHERE = new Place() {};

    /** It turned out to be so much. */
    default void used(long amount, long now) {}

    /** The call is over. */
    default void left(long now) {}
  }
}
