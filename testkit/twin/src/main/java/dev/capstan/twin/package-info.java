/** A stand-in for the vendors of models: their wire protocols, their faults, their bill. */
@NullMarked
package dev.capstan.twin;

import org.jspecify.annotations.NullMarked;
