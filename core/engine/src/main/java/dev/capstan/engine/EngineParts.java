package dev.capstan.engine;

import dev.capstan.engine.step.Toolbox;
import dev.capstan.journal.Journal;
import dev.capstan.kernel.time.Timers;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * What an engine is made of; time, chance and threads are handed in.
 *
 * @param executor runs turns and attempts, each of which may block: one virtual thread each in
 *     production
 * @param seed sets where run ids begin: random in production
 */
public record EngineParts(
    Journal journal,
    Leases leases,
    IdempotencyKeys keys,
    Toolbox tools,
    InstantSource clock,
    Timers timers,
    Executor executor,
    Watcher watcher,
    long seed) {}
