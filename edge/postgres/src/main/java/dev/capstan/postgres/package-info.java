/** The only room with SQL. */
@NullMarked
package dev.capstan.postgres;

import org.jspecify.annotations.NullMarked;
