/** The endpoints of plans and tools: what can be run, before anything runs. */
@NullMarked
package dev.capstan.server.plans;

import org.jspecify.annotations.NullMarked;
