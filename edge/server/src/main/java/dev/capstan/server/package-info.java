/** REST, streams, metrics; the composition root. */
@NullMarked
package dev.capstan.server;

import org.jspecify.annotations.NullMarked;
