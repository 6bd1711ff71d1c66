package dev.capstan.tools.calculator;

import java.math.BigDecimal;
import java.util.List;

/** An expression as a tree. {@code at} is the 1-based column of what failed when it cannot be. */
sealed interface Term {
  record Literal(BigDecimal value) implements Term {}

  record Negated(Term of) implements Term {}

  record Operation(Operator operator, Term left, Term right, int at) implements Term {}

  record Application(Function function, List<Term> arguments, int at) implements Term {}

  /** The infix operators, from the loosest to the tightest. */
  enum Operator {
    PLUS(1),
    MINUS(1),
    TIMES(2),
    DIVIDED_BY(2),
    REMAINDER(2),
    POWER(4);

    /** How tightly it binds; the minus sign before a number binds with 3. */
    final int strength;

    Operator(int strength) {
      this.strength = strength;
    }
  }
}
