/** The same verbs at a prompt. */
@NullMarked
package dev.capstan.cli;

import org.jspecify.annotations.NullMarked;
