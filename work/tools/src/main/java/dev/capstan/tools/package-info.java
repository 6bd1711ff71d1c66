/** What a step may call. */
@NullMarked
package dev.capstan.tools;

import org.jspecify.annotations.NullMarked;
