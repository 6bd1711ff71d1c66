/** Money that may be spent: reserved before a call, settled after it, never overspent. */
@NullMarked
package dev.capstan.llm.budget;

import org.jspecify.annotations.NullMarked;
