package dev.capstan.agents.pattern;

import dev.capstan.agents.pattern.Word.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what is asked about todos, and says it to the {@link Reading} when it is sure. */
final class TodoReader {
  private static final String[] TODO = {"todo", "todos", "to-do", "to-dos", "task", "tasks"};

  private final Reading reading;
  private final Ends ends;
  private final NewTodoReader additions;

  TodoReader(Reading reading, Ends ends, FormulaReader formulas) {
    this.reading = reading;
    this.ends = ends;
    this.additions = new NewTodoReader(reading, ends, formulas);
  }

  /** Whether there was one here; nowhere further when not. */
  boolean read() {
    int before = reading.at;
    if (additions.read()) {
      return true;
    }
    reading.at = before;
    if (list()) {
      return true;
    }
    reading.at = before;
    if (one()) {
      return true;
    }
    reading.at = before;
    return false;
  }

  private boolean list() {
    boolean asked =
        reading.take("list", "show", "display", "print", "read", "get", "what's", "whats")
            || reading.takeAll("what", "are")
            || reading.takeAll("what", "is")
            || reading.takeAll("give", "me")
            || reading.takeAll("tell", "me");
    if (!asked) {
      return false;
    }
    reading.take("me", "on", "in");
    if (reading.hasTodos() && reading.take("them") && ends.isEnd(reading.at)) {
      reading.listTodos(null);
      return true;
    }
    reading.take("all");
    reading.take("of");
    reading.take("my", "the", "our");
    Boolean done = null;
    if (reading.take("open", "pending", "remaining", "unfinished", "undone", "outstanding")) {
      done = false;
    } else if (reading.take("done", "completed", "finished", "complete")) {
      done = true;
    }
    if (!todos(reading) || !ends.isEnd(reading.at)) {
      return false;
    }
    reading.listTodos(done);
    return true;
  }

  /** "todos", "todo list", "to do list", "tasks", "list". */
  static boolean todos(Reading reading) {
    boolean named =
        reading.take(TODO) || reading.takeAll("to", "do") || reading.takeAll("to", "dos");
    return reading.take("list", "lists", "items") || named;
  }

  private boolean one() {
    String verb = reading.words.at(reading.at).text();
    boolean word = reading.words.at(reading.at).kind() == Kind.WORD;
    reading.at++;
    return word
        && switch (verb) {
          case "complete", "finish", "close", "do" -> changed("complete");
          case "check", "tick" -> {
            reading.take("off");
            yield changed("complete");
          }
          case "delete", "remove", "erase", "drop" -> changed("delete");
          case "show", "get", "read", "display" -> shown();
          case "reopen" -> reopened();
          case "mark", "set" -> marked();
          case "rename", "change", "update", "edit" -> renamed();
          default -> false;
        };
  }

  private boolean shown() {
    reading.take("me");
    // A number alone is not enough here: "show 3" may mean anything.
    return reading.words.is(reading.at, TODO) && changed("get");
  }

  private boolean changed(String action) {
    List<Object> ids = ids();
    if (reading.take("from", "on", "in", "off")) {
      reading.take("my", "the");
      if (!todos(reading)) {
        return false;
      }
    }
    if (ids.isEmpty() || !ends.isEnd(reading.at)) {
      return false;
    }
    ids.forEach(id -> reading.changeTodo(action, id, null, null));
    return true;
  }

  private boolean reopened() {
    return changedTo(ids(), false);
  }

  private boolean changedTo(List<Object> ids, boolean done) {
    if (ids.isEmpty() || !ends.isEnd(reading.at)) {
      return false;
    }
    ids.forEach(id -> {
      if (done) {
        reading.changeTodo("complete", id, null, null);
      } else {
        reading.changeTodo("update", id, null, false);
      }
    });
    return true;
  }

  private boolean marked() {
    List<Object> ids = ids();
    reading.take("as", "to");
    if (reading.take("done", "complete", "completed", "finished")) {
      return changedTo(ids, true);
    }
    boolean open =
        reading.take("open", "undone", "unfinished", "incomplete")
            || reading.takeAll("not", "done");
    return open && changedTo(ids, false);
  }

  private boolean renamed() {
    List<Object> ids = ids();
    if (ids.size() != 1 || !reading.take("to", "as", ":")) {
      return false;
    }
    String text = additions.freeText();
    if (text == null) {
      return false;
    }
    reading.changeTodo("update", ids.getFirst(), text, null);
    return true;
  }

  /** "todo 3", "todos 3 and 4", "#3", "number 3", "it"; empty when it is none of these. */
  private List<Object> ids() {
    reading.take("the", "my");
    reading.take(TODO);
    reading.take("item", "items");
    List<Object> ids = new ArrayList<>();
    int before = reading.at;
    Object id = id();
    while (id != null) {
      ids.add(id);
      before = reading.at;
      boolean comma = reading.take(",");
      boolean and = reading.take("and", "&");
      reading.take(TODO);
      id = comma || and ? id() : null;
    }
    reading.at = before;
    return ids;
  }

  private @Nullable Object id() {
    if (reading.take("it", "that")) {
      if (reading.lastTodo() == null) {
        reading.complain("no todo was added before it that 'it' could mean");
        return null;
      }
      reading.take(TODO);
      return "${steps." + reading.lastTodo() + ".output.todo.id}";
    }
    reading.take("number", "no", "id");
    reading.take("#");
    Word word = reading.words.at(reading.at);
    if (word.kind() == Kind.NUMBER) {
      return wholeNumber(word);
    }
    NumberWords.Found inWords = NumberWords.at(reading.words, reading.at);
    if (inWords.words() == 0 || inWords.value() == 0) {
      return null;
    }
    reading.at += inWords.words();
    return inWords.value();
  }

  private @Nullable Object wholeNumber(Word word) {
    String digits = word.text();
    if (digits.length() > 15 || !digits.matches("[0-9]+") || Long.parseLong(digits) == 0) {
      reading.complain("'" + digits + "' is no todo's number: 1, 2, 3 and so on");
      return null;
    }
    reading.at++;
    return Long.valueOf(digits);
  }
}
