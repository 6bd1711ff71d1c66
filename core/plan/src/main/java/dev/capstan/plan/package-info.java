/**
 * Turns what a person or a model wrote into a checked, immutable DAG of steps, or into the list of
 * every mistake with its place.
 */
@NullMarked
package dev.capstan.plan;

import org.jspecify.annotations.NullMarked;
