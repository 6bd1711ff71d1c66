package dev.capstan.server.rehearsal;

import dev.capstan.agents.replay.Miss;
import dev.capstan.agents.replay.Recording;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a rehearsal.
 *
 * @param events of the run itself
 * @param played what was answered, each with the question
 * @param misses what was asked and not recorded
 * @param stuck what it waits for, when it did not come to an end
 */
public record Rehearsed(
    RunState state,
    List<Recorded> events,
    Recording played,
    List<Miss> misses,
    @Nullable String stuck) {}
