/** The one door to models: cache, reserve, limit, call, fail over, settle. */
@NullMarked
package dev.capstan.llm;

import org.jspecify.annotations.NullMarked;
