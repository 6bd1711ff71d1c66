package dev.capstan.engine.step;

import dev.capstan.journal.StepRef;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One attempt at a step.
 *
 * @param input evaluated, and valid against the tool's input schema
 * @param attempt from 1
 * @param idempotencyKey names run, step and purpose and never the attempt: send it along wherever
 *     repeating matters
 * @param deadline when the engine will give the attempt up, if ever
 * @param pulse how a long attempt shows life
 * @param checkpoints what a long attempt keeps on its way
 */
public record ToolCall(
    RunId run,
    TenantId tenant,
    StepRef step,
    int attempt,
    String idempotencyKey,
    JsonNode input,
    @Nullable Instant deadline,
    Pulse pulse,
    Checkpoints checkpoints) {}
