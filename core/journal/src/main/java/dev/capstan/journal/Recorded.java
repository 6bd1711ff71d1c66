package dev.capstan.journal;

import dev.capstan.kernel.RunId;
import java.time.Instant;

/**
 * An event in its place.
 *
 * @param seq the event's place in its run, from 1 without gaps
 * @param at when it was decided, in microseconds; all events of one append share it
 */
public record Recorded(RunId run, int seq, Instant at, RunEvent event) {}
