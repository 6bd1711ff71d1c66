package dev.capstan.agents.pattern;

import dev.capstan.agents.pattern.Word.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads todos that are to be added: texts, results, or calculations with their results. */
final class NewTodoReader {
  private static final int LONGEST_TEXT = 900;

  private static final String[] ADD = {
    "add", "put", "append", "save", "create", "make", "write", "store", "insert"
  };

  private static final String[] PRONOUNS = {
    "it", "that", "this", "them", "both", "all", "these", "those"
  };

  private final Reading reading;
  private final Ends ends;
  private final FormulaReader formulas;
  private final References references;

  NewTodoReader(Reading reading, Ends ends, FormulaReader formulas) {
    this.reading = reading;
    this.ends = ends;
    this.formulas = formulas;
    this.references = new References(reading);
  }

  boolean read() {
    if (reading.takeAll("remind", "me", "to")) {
      return spelledOut();
    }
    if (reading.takeAll("new", "todo") || reading.takeAll("todo", ":")) {
      reading.take(":");
      return spelledOut();
    }
    if (!reading.take(ADD)) {
      return false;
    }
    int before = reading.at;
    if (announced()) {
      return true;
    }
    reading.at = before;
    return toMyTodos();
  }

  /** "a todo to call Ada". */
  private boolean announced() {
    boolean article = reading.take("a", "an", "another", "the");
    boolean fresh = reading.take("new");
    boolean named =
        reading.take("todo", "to-do", "task", "reminder") || reading.takeAll("to", "do");
    boolean item = reading.take("item", "entry");
    if (!named && !(item && (article || fresh))) {
      return false;
    }
    // "add todo list to my todos" is about a text that begins with todo.
    if (!reading.take("to", ":", "-", "called", "named", "saying", "with", "for", "about")) {
      return spelledOut();
    }
    reading.takeAll("the", "text");
    reading.take(":");
    return content() || spelledOut();
  }

  private boolean spelledOut() {
    String text = freeText();
    if (text == null) {
      return false;
    }
    reading.addTodo(text);
    return true;
  }

  /** Free text up to where the next thing begins, as a template; null when there is none. */
  @Nullable String freeText() {
    int from = reading.at;
    if (reading.words.at(from).kind() == Kind.QUOTE && ends.isEnd(from + 1)) {
      reading.at++;
      return quoted(reading.words.at(from));
    }
    int to = ends.next(from);
    String text = reading.words.between(from, to);
    if (text.isBlank() || tooLong(text) || meansResults(from, to)) {
      return null;
    }
    reading.at = to;
    return literal(text);
  }

  /** "buy milk to my todos", "both results to my todo list". */
  private boolean toMyTodos() {
    int from = reading.at;
    if (contentThenTarget()) {
      return true;
    }
    reading.at = from;
    if (reading.words.at(from).kind() == Kind.QUOTE) {
      reading.at++;
      String text = quoted(reading.words.at(from));
      return text != null && target() && add(text);
    }
    for (int to = from; !ends.endsText(to); to++) {
      reading.at = to;
      if (to > from && target()) {
        String text = reading.words.between(from, to);
        return !tooLong(text) && !meansResults(from, to) && add(literal(text));
      }
    }
    return false;
  }

  private boolean add(String text) {
    reading.addTodo(text);
    return true;
  }

  /** "to my todos" and the end of what is asked. */
  private boolean target() {
    int before = reading.at;
    if (reading.take("to", "in", "into", "on", "onto", "as")) {
      reading.take("my", "the", "our", "a");
      if (TodoReader.todos(reading) && ends.isEnd(reading.at)) {
        return true;
      }
    }
    reading.at = before;
    return false;
  }

  private boolean contentThenTarget() {
    List<Formula> found = formulasHere();
    if (found.isEmpty() || !target()) {
      return false;
    }
    found.forEach(this::addResult);
    return true;
  }

  private boolean content() {
    int from = reading.at;
    List<Formula> found = formulasHere();
    if (found.isEmpty() || !ends.isEnd(reading.at)) {
      reading.at = from;
      return false;
    }
    found.forEach(this::addResult);
    return true;
  }

  /** Results and calculations; empty when there are none, or nothing but a number. */
  private List<Formula> formulasHere() {
    List<Formula> several = references.several();
    if (!several.isEmpty()) {
      return several;
    }
    reading.takeAll("the", "result", "of");
    Formula one = formulas.formula();
    return one != null
            && (one.isWork() || one instanceof Formula.Result)
            && !formulas.isTooLong(one)
        ? List.of(one)
        : List.of();
  }

  private void addResult(Formula formula) {
    Formula.Result result =
        formula instanceof Formula.Result earlier
            ? earlier
            : reading.calculate("calculate", formula);
    reading.addTodo(reading.formula(result).shown() + " = " + result.expression());
  }

  /** Whether the text may stand for results, or for numbers to be added up, and not for itself. */
  private boolean meansResults(int from, int to) {
    boolean alone = to == from + 1 && reading.words.is(from, PRONOUNS);
    boolean named = false;
    for (int i = from; i < to; i++) {
      named |= reading.words.is(i, "result", "results", "answer", "answers");
    }
    int back = reading.at;
    reading.at = from;
    boolean sum = formulas.list().size() > 1 && reading.at == to;
    reading.at = back;
    boolean unclear = alone || sum || (named && (to - from <= 3 || !reading.results().isEmpty()));
    if (unclear) {
      reading.complain("it may be a text or a result: put a text in quotation marks");
    }
    return unclear;
  }

  private boolean tooLong(String text) {
    if (text.length() > LONGEST_TEXT) {
      reading.complain("a todo's text is at most " + LONGEST_TEXT + " characters long");
      return true;
    }
    return false;
  }

  private @Nullable String quoted(Word word) {
    return word.text().isBlank() || tooLong(word.text()) ? null : literal(word.text());
  }

  /** What people write is text, also when it looks like an expression. */
  private static String literal(String text) {
    return text.replace("${", "$${");
  }
}
