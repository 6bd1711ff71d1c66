package dev.capstan.agents.memory;

/**
 * A memory that came to mind.
 *
 * @param score what it was ranked by
 * @param relevance how much it has to do with the query, 0 to 1
 */
public record Recalled(Remembered memory, double score, double relevance) {}
