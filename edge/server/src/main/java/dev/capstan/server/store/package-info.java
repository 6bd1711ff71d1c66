/** Where runs are kept: PostgreSQL, or memory when that is asked for. */
@NullMarked
package dev.capstan.server.store;

import org.jspecify.annotations.NullMarked;
