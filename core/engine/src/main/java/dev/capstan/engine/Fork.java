package dev.capstan.engine;

import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A new run that takes over everything of {@code run} that does not come after {@code step} and
 * goes on from there.
 *
 * @param inputs values that replace or add to the run's inputs (dotted names reach inside), for
 *     what is still to come
 * @param stepInput values that replace or add to what {@code step} is given
 */
public record Fork(
    TenantId tenant,
    RunId run,
    String step,
    ObjectNode inputs,
    ObjectNode stepInput,
    @Nullable String correlationId) {}
