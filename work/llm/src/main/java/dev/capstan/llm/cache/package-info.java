/** Answers to questions that were asked before. */
@NullMarked
package dev.capstan.llm.cache;

import org.jspecify.annotations.NullMarked;
