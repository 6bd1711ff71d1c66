package dev.capstan.engine;

import dev.capstan.engine.step.Toolbox;
import dev.capstan.journal.Journal;
import dev.capstan.journal.Plans;
import dev.capstan.kernel.time.Timers;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executor;

/** What all live runs of a process share. */
record Shared(
    Journal journal,
    Plans plans,
    Decider decider,
    Reactor reactor,
    Toolbox tools,
    Breakers breakers,
    FairSlots runSlots,
    FairSlots stepSlots,
    Timers timers,
    InstantSource clock,
    Executor executor,
    Watcher watcher,
    Runs runs) {
  /** Now, as the journal keeps it. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
