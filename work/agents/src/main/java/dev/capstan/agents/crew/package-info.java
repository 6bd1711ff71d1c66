/** Agents and crews as people write them, and the plans that they become. */
@NullMarked
package dev.capstan.agents.crew;

import org.jspecify.annotations.NullMarked;
