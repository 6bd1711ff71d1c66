/** The only room with SQL: the journal, the views and the leases in PostgreSQL. */
@NullMarked
package dev.capstan.postgres;

import org.jspecify.annotations.NullMarked;
