/** A class per verb. */
@NullMarked
package dev.capstan.cli.verb;

import org.jspecify.annotations.NullMarked;
