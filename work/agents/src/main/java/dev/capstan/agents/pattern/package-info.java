/** The planner that needs no model: prompts about calculations and todos, by their patterns. */
@NullMarked
package dev.capstan.agents.pattern;

import org.jspecify.annotations.NullMarked;
