package dev.capstan.llm.chat;

/** Whoever watches an answer being made. */
@FunctionalInterface
public interface DeltaSink {
  DeltaSink NOBODY = delta -> {};

  /**
   * Told in order, on the calling thread. What it throws ends the call, which is settled by what
   * was received so far.
   */
  void next(Delta delta);

  /** The model thinks, which is no piece of its answer and is paid for. */
  default void thinks() {}
}
