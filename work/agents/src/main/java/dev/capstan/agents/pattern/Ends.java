package dev.capstan.agents.pattern;

import java.util.Set;

/**
 * Where one thing that is asked for ends and the next begins. A comma or an "and" alone is no end:
 * after it there must be something that begins a command.
 */
final class Ends {
  private static final Set<String> SEPARATORS =
      Set.of(",", ";", ".", "!", "?", "&", "and", "then", "also");

  private static final Set<String> FILLERS =
      Set.of(
          "please",
          "now",
          "next",
          "first",
          "finally",
          "also",
          "then",
          "afterwards",
          "lastly",
          "so",
          "just");

  /** Words that begin a command whatever follows. */
  private static final Set<String> COMMANDS =
      Set.of(
          "add",
          "subtract",
          "deduct",
          "multiply",
          "divide",
          "calculate",
          "compute",
          "evaluate",
          "what's",
          "whats",
          "remind",
          "mark",
          "rename",
          "reopen",
          "double",
          "halve",
          "triple",
          "square",
          "sum",
          "list",
          "create");

  /** Words that begin a command when a todo, or all of them, is what follows. */
  private static final Set<String> TODO_VERBS =
      Set.of(
          "complete",
          "finish",
          "delete",
          "remove",
          "erase",
          "show",
          "display",
          "print",
          "get",
          "read",
          "check",
          "tick",
          "close",
          "update",
          "change",
          "edit",
          "put",
          "save",
          "make",
          "do");

  private static final Set<String> TODO_OBJECTS =
      Set.of(
          "it", "that", "them", "todo", "todos", "task", "tasks", "item", "items", "number", "#",
          "to-do", "to-dos");

  private static final String[][] POLITENESS = {
    {"can", "you"},
    {"could", "you"},
    {"would", "you"},
    {"will", "you"},
    {"after", "that"},
    {"i", "want", "you", "to"},
    {"i", "want", "to"},
    {"i'd", "like", "to"},
    {"i'd", "like", "you", "to"},
    {"i", "would", "like", "to"},
    {"let's"},
    {"for", "me"},
    {"thanks"},
    {"thank", "you"},
    {"hello"},
    {"hi"},
    {"hey"}
  };

  private final Words words;

  /** Where skipping from each word leads: found once, from the last word on. */
  private final int[] skipped;

  Ends(Words words) {
    this.words = words;
    this.skipped = new int[words.count()];
    for (int at = words.count() - 1; at >= 0; at--) {
      int joint = joint(at);
      skipped[at] = joint == 0 ? at : skip(at + joint);
    }
  }

  /** Past everything that only joins or is polite. */
  int skip(int from) {
    return from < skipped.length ? skipped[from] : from;
  }

  /** How many words that only join or are polite stand here in one phrase. */
  private int joint(int at) {
    for (String[] phrase : POLITENESS) {
      if (words.are(at, phrase)) {
        return phrase.length;
      }
    }
    Word word = words.at(at);
    boolean joins = SEPARATORS.contains(word.text()) || FILLERS.contains(word.text());
    return joins && word.kind() != Word.Kind.QUOTE ? 1 : 0;
  }

  /** Whether what was read up to here may stand alone: the prompt ends, or something new begins. */
  boolean isEnd(int at) {
    if (at >= words.count()) {
      return true;
    }
    int next = skip(at);
    return next > at;
  }

  /** Whether text that people write freely ends here. */
  boolean endsText(int at) {
    if (at >= words.count()) {
      return true;
    }
    int next = skip(at);
    return next > at && (next >= words.count() || beginsCommand(next));
  }

  /** The next place at or after this one where text would end. */
  int next(int from) {
    int at = from;
    while (!endsText(at)) {
      at++;
    }
    return at;
  }

  boolean beginsCommand(int at) {
    Word word = words.at(at);
    if (word.kind() != Word.Kind.WORD) {
      return false;
    }
    if (COMMANDS.contains(word.text())
        || words.are(at, "what", "is")
        || words.are(at, "what", "are")
        || words.are(at, "how", "much", "is")
        || words.are(at, "work", "out")) {
      return true;
    }
    if (!TODO_VERBS.contains(word.text())) {
      return false;
    }
    int object = at + 1;
    while (words.is(object, "me", "my", "the", "all", "of", "off", "open", "done", "completed")) {
      object++;
    }
    Word next = words.at(object);
    return next.kind() == Word.Kind.NUMBER || TODO_OBJECTS.contains(next.text());
  }
}
