package dev.capstan.agents.pattern;

import dev.capstan.kernel.Mistake;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a prompt from its first word to its last: all that it asks for, or what is not understood.
 */
final class PromptReader {
  private static final int MOST_COMMANDS = 200;
  private static final int MOST_MISTAKES = 10;
  private static final int LONGEST_SHOWN = 80;

  private final String prompt;
  private final Words words;
  private final Reading reading;
  private final Ends ends;
  private final FormulaReader formulas;
  private final CalculationReader calculations;
  private final TodoReader todos;
  private final List<Mistake> mistakes = new ArrayList<>();

  PromptReader(String prompt) {
    this.prompt = prompt;
    this.words = Words.of(prompt);
    this.reading = new Reading(words);
    this.ends = new Ends(words);
    this.formulas = new FormulaReader(reading);
    this.calculations = new CalculationReader(reading, formulas);
    this.todos = new TodoReader(reading, ends, formulas);
  }

  /** What it asks for, in order; of use only when there are no {@link #mistakes()}. */
  List<Command> commands() {
    return reading.commands();
  }

  List<Mistake> mistakes() {
    return mistakes;
  }

  void read() {
    reading.at = ends.skip(0);
    for (int misread = 0; reading.at < words.count() && misread < MOST_MISTAKES; ) {
      int from = reading.at;
      if (!one()) {
        misread++;
        misread(from);
      }
      reading.at = ends.skip(reading.at);
      if (reading.commands().size() > MOST_COMMANDS) {
        mistakes.add(
            mistake(from, words.count(), "more than " + MOST_COMMANDS + " things at once"));
        return;
      }
    }
  }

  private boolean one() {
    int from = reading.at;
    formulas.begin();
    var asked = calculations.read();
    if (asked != null && ends.isEnd(reading.at)) {
      if (formulas.isTooLong(asked.formula())) {
        return false;
      }
      if (asked.formula().isWork()) {
        reading.calculate(asked.verb(), asked.formula());
      } else {
        reading.tell();
      }
      reading.takeComplaint();
      return true;
    }
    reading.at = from;
    formulas.begin();
    if (todos.read()) {
      reading.takeComplaint();
      return true;
    }
    return false;
  }

  private void misread(int from) {
    Optional<String> complaint = Optional.ofNullable(reading.takeComplaint());
    // After one part that is not understood, nobody knows what "it" is in the next.
    boolean first = mistakes.isEmpty();
    int to = Math.max(ends.next(from), from + 1);
    if (first || complaint.isEmpty()) {
      mistakes.add(mistake(from, to, complaint.orElse("not understood")));
    }
    reading.at = to;
  }

  private Mistake mistake(int from, int to, String what) {
    String part = words.between(from, to);
    String shown = part.length() > LONGEST_SHOWN ? part.substring(0, LONGEST_SHOWN) + "…" : part;
    int place = words.at(from).from();
    int lineStart = prompt.lastIndexOf('\n', place - 1) + 1;
    int line = 1 + (int) prompt.substring(0, lineStart).chars().filter(c -> c == '\n').count();
    return new Mistake("prompt", line, place - lineStart + 1, "'" + shown + "': " + what, null);
  }
}
