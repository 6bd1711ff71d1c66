/** The endpoints of runs: submitting, reading, telling, forking, moving. */
@NullMarked
package dev.capstan.server.runs;

import org.jspecify.annotations.NullMarked;
