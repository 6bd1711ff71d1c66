package dev.capstan.tools;

import dev.capstan.engine.step.ToolCall;

/**
 * What a tool made from records does. To refuse, throw a {@link dev.capstan.kernel.Refusal}; any
 * other exception is a defect and fails the attempt.
 */
@FunctionalInterface
public interface Work<I, O> {
  O apply(I input, ToolCall call) throws InterruptedException;
}
