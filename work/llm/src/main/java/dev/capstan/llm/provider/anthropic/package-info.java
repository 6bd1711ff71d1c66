/** Anthropic's messages. */
@NullMarked
package dev.capstan.llm.provider.anthropic;

import org.jspecify.annotations.NullMarked;
