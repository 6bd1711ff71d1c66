/** Decides what happens next in a run and does it once. */
@NullMarked
package dev.capstan.engine;

import org.jspecify.annotations.NullMarked;
