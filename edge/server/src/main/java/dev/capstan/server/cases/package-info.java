/**
 * Tests of agents: recorded runs as files that are run again without a key, a network or a server.
 */
@NullMarked
package dev.capstan.server.cases;

import org.jspecify.annotations.NullMarked;
