package dev.capstan.agents.agent;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an agent came to.
 *
 * @param text its answer in words
 * @param output the same as JSON, when a schema was given
 * @param finish why it ended where it does, when that is not its end: {@code length} if it was cut
 *     off
 * @param cost in dollars, as far as the answers say; the ledger's rows are the truth
 */
record AgentResult(
    String text,
    @Nullable JsonNode output,
    String agent,
    String model,
    @Nullable String finish,
    int turns,
    int toolCalls,
    long inputTokens,
    long outputTokens,
    String cost) {}
