/** Memory in a Chroma server. */
@NullMarked
package dev.capstan.memory.chroma;

import org.jspecify.annotations.NullMarked;
