/** Runs, steps and events as lines of text: pure, so that tests can look at them. */
@NullMarked
package dev.capstan.cli.picture;

import org.jspecify.annotations.NullMarked;
