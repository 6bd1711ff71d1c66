package dev.capstan.llm.chat;

/** A piece of an answer that is still being made. */
public sealed interface Delta {
  record Text(String text) implements Delta {}

  /**
   * A tool request begins.
   *
   * @param index its place among the answer's tool requests, from 0
   */
  record ToolStarted(int index, String id, String tool) implements Delta {}

  /** More of a tool request's arguments. */
  record ToolArguments(int index, String text) implements Delta {}
}
