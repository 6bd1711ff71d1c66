/** The agents and crews that this server knows by name. */
@NullMarked
package dev.capstan.server.crews;

import org.jspecify.annotations.NullMarked;
