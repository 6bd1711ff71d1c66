package dev.capstan.agents.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What somebody is to do; the fields mean what they do in {@link AgentTask}. */
record Assignment(
    String task,
    @Nullable String expectedOutput,
    @Nullable List<JsonNode> context,
    @Nullable JsonNode outputSchema) {}
