/** Words that every room shares: identifiers, problems, JSON values, seeded dice. */
@NullMarked
package dev.capstan.kernel;

import org.jspecify.annotations.NullMarked;
