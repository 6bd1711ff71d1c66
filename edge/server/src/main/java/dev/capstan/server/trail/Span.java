package dev.capstan.server.trail;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of work within a trace.
 *
 * @param parent 0 for the root
 * @param attributes texts, numbers and booleans
 * @param error what went wrong, if something did
 */
record Span(
    long traceHigh,
    long traceLow,
    long id,
    long parent,
    String name,
    Instant start,
    Instant end,
    Map<String, Object> attributes,
    @Nullable String error) {}
