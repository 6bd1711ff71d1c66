/**
 * The append-only truth of a run: its events, the port they are written through, and the fold to
 * its state.
 */
@NullMarked
package dev.capstan.journal;

import org.jspecify.annotations.NullMarked;
