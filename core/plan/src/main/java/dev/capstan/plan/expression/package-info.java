/** Expressions and templates: read once, checked for what could hang, evaluated within bounds. */
@NullMarked
package dev.capstan.plan.expression;

import org.jspecify.annotations.NullMarked;
