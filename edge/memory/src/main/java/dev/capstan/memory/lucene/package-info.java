/** Memory in a folder: an index of words and one of meanings, both Lucene's. */
@NullMarked
package dev.capstan.memory.lucene;

import org.jspecify.annotations.NullMarked;
