/** The calculator: exact decimals, a parsed expression, everything bounded. */
@NullMarked
package dev.capstan.tools.calculator;

import org.jspecify.annotations.NullMarked;
