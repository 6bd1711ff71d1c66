/** Measures Capstan as a whole, and beside its peers in the same run. */
@NullMarked
package dev.capstan.bench;

import org.jspecify.annotations.NullMarked;
