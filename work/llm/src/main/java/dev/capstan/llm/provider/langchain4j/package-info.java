/** Any ChatModel of LangChain4j as a provider. */
@NullMarked
package dev.capstan.llm.provider.langchain4j;

import org.jspecify.annotations.NullMarked;
