/** Doing things at their time, by a clock that is handed in. */
@NullMarked
package dev.capstan.kernel.time;

import org.jspecify.annotations.NullMarked;
