/** OpenAI's chat completions and responses, and every server that speaks the former. */
@NullMarked
package dev.capstan.llm.provider.openai;

import org.jspecify.annotations.NullMarked;
