/** Google's Gemini. */
@NullMarked
package dev.capstan.llm.provider.gemini;

import org.jspecify.annotations.NullMarked;
