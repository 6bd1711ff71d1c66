/** A conversation with a model, in no vendor's words. */
@NullMarked
package dev.capstan.llm.chat;

import org.jspecify.annotations.NullMarked;
