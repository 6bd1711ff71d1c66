/** How often and how much may be asked: sliding windows that never admit more. */
@NullMarked
package dev.capstan.llm.limit;

import org.jspecify.annotations.NullMarked;
