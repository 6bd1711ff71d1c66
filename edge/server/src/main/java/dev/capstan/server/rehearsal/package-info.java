/** Runs again from their recordings: in memory, at once, with nobody asked and nothing done. */
@NullMarked
package dev.capstan.server.rehearsal;

import org.jspecify.annotations.NullMarked;
