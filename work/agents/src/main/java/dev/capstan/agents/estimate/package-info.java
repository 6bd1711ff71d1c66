/** What a plan will cost, said before it runs. */
@NullMarked
package dev.capstan.agents.estimate;

import org.jspecify.annotations.NullMarked;
