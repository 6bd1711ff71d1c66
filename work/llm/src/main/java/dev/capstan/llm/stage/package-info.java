/** The stages that every model call passes, and the gateway that they make. */
@NullMarked
package dev.capstan.llm.stage;

import org.jspecify.annotations.NullMarked;
