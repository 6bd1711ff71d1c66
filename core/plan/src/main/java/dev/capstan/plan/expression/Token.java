package dev.capstan.plan.expression;

/**
 * A word of an expression.
 *
 * @param text a name, a string's value or a variable's name without its marks
 * @param start the offset of its first character in the source
 * @param end the offset after its last
 */
record Token(Kind kind, String text, int start, int end) {
  enum Kind {
    NAME,
    QUOTED_NAME,
    VARIABLE,
    STRING,
    NUMBER,
    REGEX,
    OPERATOR,
    END
  }

  boolean is(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  /** Whether it can be a hop of a path: a name, bare, quoted or as a string. */
  boolean isHop() {
    return kind == Kind.NAME || kind == Kind.QUOTED_NAME;
  }

  /** Whether an operand ends with it, so that a slash after it divides. */
  boolean endsOperand() {
    return switch (kind) {
      case NAME, QUOTED_NAME, VARIABLE, STRING, NUMBER, REGEX -> true;
      case OPERATOR -> text.equals(")") || text.equals("]") || text.equals("}");
      case END -> false;
    };
  }
}
