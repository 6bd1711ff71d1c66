/** Plans made by a model, and who is asked for a plan first. */
@NullMarked
package dev.capstan.agents.planner;

import org.jspecify.annotations.NullMarked;
