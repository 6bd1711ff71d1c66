package dev.capstan.llm.stage;

import dev.capstan.kernel.time.Timers;
import dev.capstan.llm.budget.Ledger;
import dev.capstan.llm.cache.AnswerStore;
import dev.capstan.llm.limit.Limiter;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What a gateway is made of.
 *
 * @param timers ring by {@code clock}
 * @param nanos elapsed time, as {@link System#nanoTime} tells it
 * @param seed of the dice that spread retries
 */
public record GatewayParts(
    Ledger ledger,
    Limiter limiter,
    AnswerStore answers,
    Tariff tariff,
    Rules rules,
    Meter meter,
    Timers timers,
    InstantSource clock,
    LongSupplier nanos,
    long seed) {}
