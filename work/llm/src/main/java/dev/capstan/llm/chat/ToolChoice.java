package dev.capstan.llm.chat;

/** Whether the model may, must or must not ask for tools. */
public sealed interface ToolChoice {
  record Auto() implements ToolChoice {}

  record None() implements ToolChoice {}

  record Required() implements ToolChoice {}

  record Named(String tool) implements ToolChoice {}
}
