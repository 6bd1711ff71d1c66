package dev.capstan.agents.agent;

import dev.capstan.llm.chat.ToolRequest;

/**
 * What a model wishes to be done.
 *
 * @param request by the id that its vendor is told the result by
 * @param name by which it is known here: no other call of the same agent has it, see {@link Calls}
 */
public record Call(ToolRequest request, String name) {}
