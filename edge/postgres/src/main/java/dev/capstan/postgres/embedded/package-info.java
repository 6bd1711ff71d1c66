/** A PostgreSQL of our own: real binaries, durable settings, one folder, one owner. */
@NullMarked
package dev.capstan.postgres.embedded;

import org.jspecify.annotations.NullMarked;
