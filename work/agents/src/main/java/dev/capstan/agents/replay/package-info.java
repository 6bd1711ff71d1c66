/** Runs of agents again from what was recorded of them: no model is asked, no tool is called. */
@NullMarked
package dev.capstan.agents.replay;

import org.jspecify.annotations.NullMarked;
