/** What differs between two runs. */
@NullMarked
package dev.capstan.cli.diff;

import org.jspecify.annotations.NullMarked;
