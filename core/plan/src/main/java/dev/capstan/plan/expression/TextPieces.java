package dev.capstan.plan.expression;

import dev.capstan.kernel.Refusal;
import java.util.ArrayList;
import java.util.List;

/** A string split into its text and its expressions. */
final class TextPieces {
  /** A run of text, or an expression. */
  sealed interface Piece {
    record Plain(String text) implements Piece {}

    record Hole(KnownExpression expression) implements Piece {}
  }

  private TextPieces() {}

  /** Whether there is anything to split. */
  static boolean needed(String text) {
    return text.contains("${");
  }

  /** Throws a {@link Refusal} of {@code invalid_plan}. */
  static List<Piece> of(String text) {
    List<Piece> pieces = new ArrayList<>();
    StringBuilder plain = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      if (text.startsWith("$${", i)) {
        plain.append("${");
        i += 3;
      } else if (text.startsWith("${", i)) {
        int close = closing(text, i + 2);
        if (!plain.isEmpty()) {
          pieces.add(new Piece.Plain(plain.toString()));
          plain.setLength(0);
        }
        pieces.add(new Piece.Hole(Expressions.of(text.substring(i + 2, close))));
        i = close + 1;
      } else {
        plain.append(text.charAt(i++));
      }
    }
    if (!plain.isEmpty() || pieces.isEmpty()) {
      pieces.add(new Piece.Plain(plain.toString()));
    }
    return pieces;
  }

  /** Where the brace closes that belongs to the dollar, whatever braces the expression has. */
  private static int closing(String text, int from) {
    try {
      Lexer lexer = new Lexer(text, from);
      int depth = 0;
      Token token = lexer.next();
      while (token.kind() != Token.Kind.END) {
        if (token.is("}") && depth-- == 0) {
          return token.start();
        }
        depth += token.is("{") ? 1 : 0;
        token = lexer.next();
      }
      throw new BadExpression("the expression has no closing brace", from - 2);
    } catch (BadExpression bad) {
      throw bad.refusal(text);
    }
  }
}
