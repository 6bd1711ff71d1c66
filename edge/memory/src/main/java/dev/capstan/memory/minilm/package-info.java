/** What texts mean, reckoned in this process by a small model. */
@NullMarked
package dev.capstan.memory.minilm;

import org.jspecify.annotations.NullMarked;
