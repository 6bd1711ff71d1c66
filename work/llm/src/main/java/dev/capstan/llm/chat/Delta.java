package dev.capstan.llm.chat;

/** A piece of an answer that is still being made. */
public sealed interface Delta {
  record Text(String text) implements Delta {}

  /** All that the model thought aloud before its first word or tool request. */
  record Thoughts(String text) implements Delta {}

  /**
   * A tool request begins.
   *
   * @param index its place among the answer's tool requests, from 0
   * @param signature what the vendor wants back with it; empty for nothing
   */
  record ToolStarted(int index, String id, String tool, String signature) implements Delta {
    public ToolStarted(int index, String id, String tool) {
      this(index, id, tool, "");
    }
  }

  /** More of a tool request's arguments. */
  record ToolArguments(int index, String text) implements Delta {}
}
