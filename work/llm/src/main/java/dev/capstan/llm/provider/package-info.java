/** Whoever answers a conversation, and every way in which they may not. */
@NullMarked
package dev.capstan.llm.provider;

import org.jspecify.annotations.NullMarked;
