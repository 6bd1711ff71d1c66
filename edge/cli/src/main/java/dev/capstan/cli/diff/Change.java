package dev.capstan.cli.diff;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One place where two values differ.
 *
 * @param path such as {@code items[2].name}; empty for the whole value
 * @param from null when it was added
 * @param to null when it was removed
 */
public record Change(String path, @Nullable JsonNode from, @Nullable JsonNode to) {}
