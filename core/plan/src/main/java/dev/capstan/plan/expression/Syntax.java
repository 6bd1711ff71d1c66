package dev.capstan.plan.expression;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * What can be known of an expression without evaluating it: whether it is a plain path, what it
 * refers to, and that nothing in it could hang.
 */
final class Syntax {
  static final int LONGEST = 20_000;
  private static final int DEEPEST = 100;
  private static final Set<String> UNREPEATABLE = Set.of("now", "millis", "random", "shuffle");
  private static final Set<String> REGEX_FUNCTIONS =
      Set.of("match", "contains", "replace", "split");
  private static final Set<String> WORDS = Set.of("true", "false", "null", "function", "λ");

  /** An open bracket: what stood before it, and whether names in it belong to something else. */
  private record Bracket(String mark, boolean relative, String function, boolean definition) {}

  private final List<Token> tokens = new ArrayList<>();
  private final List<Reference> references = new ArrayList<>();
  private final Deque<Bracket> open = new ArrayDeque<>();
  private final List<String> regexes = new ArrayList<>();
  private boolean closedDefinition;
  private boolean wildcard;

  private Syntax() {}

  /** Throws {@link BadExpression}. */
  static Syntax of(String source) {
    if (source.length() > LONGEST) {
      throw new BadExpression("the expression is longer than " + LONGEST + " characters", 0);
    }
    Syntax syntax = new Syntax();
    Lexer lexer = new Lexer(source, 0);
    Token token = lexer.next();
    while (token.kind() != Token.Kind.END) {
      syntax.tokens.add(token);
      token = lexer.next();
    }
    if (syntax.tokens.isEmpty()) {
      throw new BadExpression("the expression is empty", 0);
    }
    syntax.tokens.add(token);
    syntax.walk();
    return syntax;
  }

  List<Reference> references() {
    return references;
  }

  List<String> regexes() {
    return regexes;
  }

  /** Whether a star stands for every field somewhere, which costs the square of a list's length. */
  boolean hasWildcard() {
    return wildcard;
  }

  /** The hops when it is nothing but names with dots between them; otherwise empty. */
  List<String> plainPath() {
    List<String> hops = new ArrayList<>();
    for (int i = 0; i < tokens.size() - 1; i++) {
      Token token = tokens.get(i);
      boolean fits = i % 2 == 0 ? isPlainHop(token) : token.is(".");
      if (!fits) {
        return List.of();
      }
      if (i % 2 == 0) {
        hops.add(token.text());
      }
    }
    return tokens.size() % 2 == 0 ? hops : List.of();
  }

  private static boolean isPlainHop(Token token) {
    return token.isHop() && !(token.kind() == Token.Kind.NAME && WORDS.contains(token.text()));
  }

  private void walk() {
    for (int i = 0; i < tokens.size() - 1; i++) {
      Token token = tokens.get(i);
      switch (token.kind()) {
        case NAME, QUOTED_NAME -> name(i, token);
        case VARIABLE -> variable(i, token);
        case REGEX -> regex(i, token);
        case OPERATOR -> operator(i, token);
        default -> {}
      }
    }
  }

  private Token at(int index) {
    return index < 0 ? tokens.getLast() : tokens.get(Math.min(index, tokens.size() - 1));
  }

  private void name(int i, Token token) {
    boolean word = token.kind() == Token.Kind.NAME && WORDS.contains(token.text());
    boolean hop = i > 0 && at(i - 1).is(".");
    boolean rooted = hop && i > 1 && isRoot(at(i - 2));
    boolean key = at(i + 1).is("(");
    if (word || key || (hop && !rooted) || (isRelative() && !rooted)) {
      return;
    }
    List<String> hops = new ArrayList<>();
    int next = i + 1;
    while (at(next).is(".") && (at(next + 1).isHop() || isString(at(next + 1)))) {
      hops.add(at(next + 1).text());
      next += 2;
    }
    if (hops.isEmpty() && named(i + 1)) {
      hops.add(at(i + 2).text());
    }
    references.add(new Reference(token.text(), hops, token.start()));
  }

  /** {@code steps["build"]}, and {@code $lookup(steps, "build")}. */
  private boolean named(int next) {
    boolean indexed = at(next).is("[") && at(next + 2).is("]");
    boolean lookedUp = at(next).is(",") && at(next + 2).is(")");
    return (indexed || lookedUp) && isString(at(next + 1));
  }

  private static boolean isRoot(Token token) {
    return token.kind() == Token.Kind.VARIABLE && token.text().equals("$");
  }

  private static boolean isString(Token token) {
    return token.kind() == Token.Kind.STRING;
  }

  private boolean isRelative() {
    return !open.isEmpty() && open.peek().relative();
  }

  private void variable(int i, Token token) {
    if (token.text().equals("eval")) {
      throw new BadExpression("$eval is not offered: write the expression itself", token.start());
    }
    if (UNREPEATABLE.contains(token.text())) {
      throw new BadExpression(
          "$"
              + token.text()
              + " is not offered, because an expression must give the same value in"
              + " a replay: take it from an input or from a step",
          token.start());
    }
    boolean rebound = at(i + 1).is(":=") || (!open.isEmpty() && open.peek().definition());
    if (rebound && REGEX_FUNCTIONS.contains(token.text())) {
      throw new BadExpression("$" + token.text() + " cannot be redefined", token.start());
    }
  }

  private void regex(int i, Token token) {
    boolean argument = at(i - 1).is(",") || at(i - 1).is("(");
    boolean alone = at(i + 1).is(",") || at(i + 1).is(")");
    String function = open.isEmpty() ? "" : open.peek().function();
    if (!argument || !alone || !REGEX_FUNCTIONS.contains(function)) {
      throw new BadExpression(
          "a regular expression can only be an argument of $match, $contains, $replace or $split",
          token.start());
    }
    regexes.add(token.text());
  }

  private void operator(int i, Token token) {
    switch (token.text()) {
      case "(", "[", "{" -> open(i, token);
      case ")", "]", "}" -> close(i, token);
      case "*", "**" -> wildcard |= i == 0 || !at(i - 1).endsOperand();
      default -> {}
    }
  }

  private void open(int i, Token token) {
    if (open.size() >= DEEPEST) {
      throw new BadExpression("the expression nests deeper than " + DEEPEST, token.start());
    }
    Token before = i == 0 ? tokens.getLast() : at(i - 1);
    boolean call = token.is("(") && before.kind() == Token.Kind.VARIABLE;
    boolean definition = token.is("(") && (before.isName("function") || before.isName("λ"));
    boolean body = token.is("{") && closedDefinition;
    boolean mapped = before.is(".") || before.is("^");
    boolean filter = !token.is("(") && before.endsOperand() && !body;
    boolean relative = isRelative() || mapped || filter;
    open.push(new Bracket(token.text(), relative, call ? before.text() : "", definition));
  }

  private void close(int i, Token token) {
    Bracket bracket = open.poll();
    closedDefinition = bracket != null && bracket.definition();
    if (closedDefinition && at(i + 1).is("<")) {
      throw new BadExpression("a function's signature is not offered", at(i + 1).start());
    }
    if (bracket == null || !matches(bracket.mark(), token.text())) {
      throw new BadExpression("this " + token.text() + " closes nothing", token.start());
    }
  }

  private static boolean matches(String opening, String closing) {
    return "([{".indexOf(opening.charAt(0)) == ")]}".indexOf(closing.charAt(0));
  }
}
