/** Planners; later agents, crews and memory. */
@NullMarked
package dev.capstan.agents;

import org.jspecify.annotations.NullMarked;
