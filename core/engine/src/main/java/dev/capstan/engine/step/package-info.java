/** The step contract: what the engine asks of whatever does a step's work. */
@NullMarked
package dev.capstan.engine.step;

import org.jspecify.annotations.NullMarked;
