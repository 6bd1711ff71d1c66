/** What agents remember: opened when it is first asked for, and shown to people. */
@NullMarked
package dev.capstan.server.memory;

import org.jspecify.annotations.NullMarked;
