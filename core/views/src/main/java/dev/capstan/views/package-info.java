/** Folds events into answers and live streams. */
@NullMarked
package dev.capstan.views;

import org.jspecify.annotations.NullMarked;
