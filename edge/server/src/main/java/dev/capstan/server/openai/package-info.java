/** Models as OpenAI's clients ask for them: {@code /v1/chat/completions} and {@code /v1/models}. */
@NullMarked
package dev.capstan.server.openai;

import org.jspecify.annotations.NullMarked;
