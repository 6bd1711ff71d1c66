/** What agents remember beyond one task: the port, how memories are ranked, and one on the heap. */
@NullMarked
package dev.capstan.agents.memory;

import org.jspecify.annotations.NullMarked;
