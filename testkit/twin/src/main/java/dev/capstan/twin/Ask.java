package dev.capstan.twin;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request as the twin understood it.
 *
 * @param place what stands before the vendor's own path, such as {@code primary} in {@code
 *     /primary/v1/messages}; empty when nothing does. One twin can so be several vendors.
 * @param key the API key that it came with, or empty
 * @param model by the caller's name, or empty
 * @param maxTokens the bound of output tokens that it named; null when it named none
 * @param headers by names in lower case
 * @param bytes how long its body was
 */
public record Ask(
    Api api,
    String place,
    String key,
    String model,
    boolean stream,
    @Nullable Integer maxTokens,
    Map<String, String> headers,
    JsonNode body,
    int bytes) {}
