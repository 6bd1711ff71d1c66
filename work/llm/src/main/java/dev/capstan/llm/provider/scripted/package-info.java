/** A provider that answers from a file: no key, no network, the same answers every time. */
@NullMarked
package dev.capstan.llm.provider.scripted;

import org.jspecify.annotations.NullMarked;
