/** What tokens cost, and the most that a call can cost. */
@NullMarked
package dev.capstan.llm.price;

import org.jspecify.annotations.NullMarked;
