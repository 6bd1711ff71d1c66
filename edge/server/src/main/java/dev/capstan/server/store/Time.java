package dev.capstan.server.store;

import dev.capstan.tools.Delay;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Time as it is handed in.
 *
 * @param nanos elapsed time, such as {@code System::nanoTime}
 * @param pause lets time pass
 */
public record Time(InstantSource clock, LongSupplier nanos, Delay.Pause pause) {}
