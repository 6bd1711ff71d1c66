package dev.capstan.engine;

import dev.capstan.journal.StepRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that does not move.
 *
 * @param step which step; null for the run as a whole
 * @param since since when it stands
 * @param release what would release it, in words, with the command where there is one
 */
public record Standing(@Nullable StepRef step, Wait on, Instant since, String release) {}
