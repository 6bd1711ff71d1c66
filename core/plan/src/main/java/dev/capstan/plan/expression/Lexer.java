package dev.capstan.plan.expression;

import java.util.List;
import java.util.Set;

/**
 * Splits an expression into tokens as JSONata does, so that what it refers to is known and what
 * could hang is refused before JSONata sees it.
 */
final class Lexer {
  private static final String SINGLE = ".[]{}(),@#;:?+-*/%|=<>^&!~";
  private static final List<String> DOUBLE =
      List.of("..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??");
  private static final Set<String> WORD_OPERATORS = Set.of("and", "or", "in");

  private final String source;
  private final int limit;
  private int position;
  private boolean operandBefore;

  Lexer(String source, int start) {
    this.source = source;
    this.limit = source.length();
    this.position = start;
  }

  /** The next token; {@link Token.Kind#END} at the end. Throws {@link BadExpression}. */
  Token next() {
    skipBlanks();
    Token token = position >= limit ? token(Token.Kind.END, "", position) : read();
    operandBefore = token.endsOperand();
    return token;
  }

  private Token read() {
    int start = position;
    char c = source.charAt(start);
    if (c == '/' && !operandBefore) {
      return regex(start);
    }
    if (start + 1 < limit && DOUBLE.contains(source.substring(start, start + 2))) {
      position += 2;
      return token(Token.Kind.OPERATOR, source.substring(start, position), start);
    }
    if (SINGLE.indexOf(c) >= 0) {
      position++;
      return token(Token.Kind.OPERATOR, String.valueOf(c), start);
    }
    return switch (c) {
      case '"', '\'' -> string(start, c);
      case '`' -> quotedName(start);
      default -> word(start);
    };
  }

  private void skipBlanks() {
    while (position < limit) {
      char c = source.charAt(position);
      if (" \t\n\r".indexOf(c) >= 0) {
        position++;
      } else if (c == '/' && source.startsWith("/*", position)) {
        int close = source.indexOf("*/", position + 2);
        if (close < 0) {
          throw new BadExpression("the comment is not closed", position);
        }
        position = close + 2;
      } else {
        return;
      }
    }
  }

  /** A slash closes the regular expression unless escaped or inside brackets, as in JSONata. */
  private Token regex(int start) {
    int depth = 0;
    for (int i = start + 1; i < limit; i++) {
      char c = source.charAt(i);
      boolean escaped = escaped(i);
      if (c == '/' && depth == 0 && !escaped) {
        position = i + 1;
        while (position < limit && "im".indexOf(source.charAt(position)) >= 0) {
          position++;
        }
        return token(Token.Kind.REGEX, source.substring(start + 1, i), start);
      }
      boolean marked = source.charAt(i - 1) == '\\';
      if ("([{".indexOf(c) >= 0 && !marked) {
        depth++;
      } else if (")]}".indexOf(c) >= 0 && !marked) {
        depth--;
      }
    }
    throw new BadExpression("the regular expression has no closing /", start);
  }

  private boolean escaped(int index) {
    int backslashes = 0;
    while (index - backslashes > 0 && source.charAt(index - backslashes - 1) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }

  private Token string(int start, char quote) {
    StringBuilder text = new StringBuilder();
    for (int i = start + 1; i < limit; i++) {
      char c = source.charAt(i);
      if (c == quote) {
        position = i + 1;
        return token(Token.Kind.STRING, text.toString(), start);
      }
      if (c == '\\') {
        i++;
        c = i < limit ? source.charAt(i) : quote;
      }
      text.append(c);
    }
    throw new BadExpression("the string has no closing quote", start);
  }

  private Token quotedName(int start) {
    int close = source.indexOf('`', start + 1);
    if (close < 0) {
      throw new BadExpression("the quoted name has no closing backtick", start);
    }
    position = close + 1;
    return token(Token.Kind.QUOTED_NAME, source.substring(start + 1, close), start);
  }

  private Token word(int start) {
    int i = start;
    while (i < limit
        && " \t\n\r".indexOf(source.charAt(i)) < 0
        && SINGLE.indexOf(source.charAt(i)) < 0) {
      i++;
    }
    char first = source.charAt(start);
    if (first >= '0' && first <= '9') {
      position = endOfNumber(start);
      return token(Token.Kind.NUMBER, source.substring(start, position), start);
    }
    position = i;
    String text = source.substring(start, i);
    if (first == '$') {
      return token(Token.Kind.VARIABLE, text.substring(1), start);
    }
    return token(
        WORD_OPERATORS.contains(text) ? Token.Kind.OPERATOR : Token.Kind.NAME, text, start);
  }

  private int endOfNumber(int start) {
    int i = start;
    if (source.charAt(i) == '0') {
      i++;
    } else {
      i = digits(i);
    }
    if (i + 1 < limit && source.charAt(i) == '.' && isDigit(i + 1)) {
      i = digits(i + 1);
    }
    if (i < limit && (source.charAt(i) == 'e' || source.charAt(i) == 'E')) {
      int sign = i + 1 < limit && "+-".indexOf(source.charAt(i + 1)) >= 0 ? i + 2 : i + 1;
      if (isDigit(sign)) {
        i = digits(sign);
      }
    }
    return i;
  }

  private int digits(int from) {
    int i = from;
    while (isDigit(i)) {
      i++;
    }
    return i;
  }

  private boolean isDigit(int index) {
    return index < limit && source.charAt(index) >= '0' && source.charAt(index) <= '9';
  }

  private Token token(Token.Kind kind, String text, int start) {
    return new Token(kind, text, start, position);
  }
}
