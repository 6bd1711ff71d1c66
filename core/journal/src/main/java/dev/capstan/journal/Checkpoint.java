package dev.capstan.journal;

import tools.jackson.databind.JsonNode;

/**
 * How far an attempt at a step had got; see {@link RunEvent.StepCheckpointed}.
 *
 * @param key what it is, in the step's own words
 */
public record Checkpoint(String key, JsonNode value) {}
