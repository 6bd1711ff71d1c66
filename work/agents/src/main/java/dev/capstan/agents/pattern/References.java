package dev.capstan.agents.pattern;

import dev.capstan.agents.pattern.Reading.Known;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads words that stand for earlier results: "it", "the first result", "both results". */
final class References {
  private static final List<String> ORDINALS =
      List.of("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth");

  /** What a noun says of the calculation that it names. */
  private static final java.util.Map<String, String> NOUNS =
      java.util.Map.of(
          "sum", "add",
          "total", "add",
          "difference", "subtract",
          "product", "multiply",
          "quotient", "divide");

  private final Reading reading;

  References(Reading reading) {
    this.reading = reading;
  }

  /** One earlier result; null, with a complaint where one was meant, when there is none here. */
  Formula.@Nullable Result one() {
    int from = reading.at;
    Known meant = known();
    if (meant == null) {
      reading.at = from;
      return null;
    }
    return new Formula.Result(meant.step());
  }

  private @Nullable Known known() {
    if (reading.take("it", "that", "this")) {
      reading.take("result", "number", "answer");
      return last("it");
    }
    boolean the = reading.take("the", "my", "its");
    int ordinal = ordinal();
    if (ordinal >= 0 && isResultNoun()) {
      reading.at += 2;
      return numbered(ordinal);
    }
    if (reading.is("last", "latest", "previous") && isResultNoun()) {
      reading.at += 2;
      return last("the last result");
    }
    if (reading.take("result", "answer")) {
      return reading.is("of") ? null : last("the result");
    }
    String verb = the ? NOUNS.get(reading.words.at(reading.at).text()) : null;
    if (verb == null || reading.words.is(reading.at + 1, "of", "between")) {
      return null;
    }
    reading.at++;
    return lastBy(verb);
  }

  private boolean isResultNoun() {
    return reading.words.is(reading.at + 1, "result", "answer", "number", "one");
  }

  private int ordinal() {
    var word = reading.words.at(reading.at);
    return word.kind() == Word.Kind.WORD ? ORDINALS.indexOf(word.text()) : -1;
  }

  private @Nullable Known numbered(int ordinal) {
    if (ordinal < reading.results().size()) {
      return reading.results().get(ordinal);
    }
    reading.complain("there is no " + ORDINALS.get(ordinal) + " result: " + count() + " before it");
    return null;
  }

  private @Nullable Known last(String words) {
    if (!reading.results().isEmpty()) {
      return reading.results().getLast();
    }
    reading.complain("there is no result before it that '" + words + "' could mean");
    return null;
  }

  private @Nullable Known lastBy(String verb) {
    for (Known known : reading.results().reversed()) {
      if (known.verb().equals(verb)) {
        return known;
      }
    }
    reading.complain("there is no such result before it");
    return null;
  }

  /**
   * Several earlier results; empty, with a complaint where they were meant, when there are none.
   */
  List<Formula> several() {
    int from = reading.at;
    List<Known> meant = knowns();
    if (meant.isEmpty()) {
      reading.at = from;
    }
    return meant.stream().<Formula>map(known -> new Formula.Result(known.step())).toList();
  }

  private List<Known> knowns() {
    List<Known> results = reading.results();
    if (reading.takeAll("the", "two") || reading.take("both")) {
      ofThem();
      if (results.size() == 2) {
        return List.copyOf(results);
      }
      reading.complain("'both' means two results, and there are " + count() + " before it");
      return List.of();
    }
    boolean all = reading.take("all", "each");
    if (all ? ofThem() : theResults()) {
      if (results.size() >= 2) {
        return List.copyOf(results);
      }
      reading.complain("there are no several results before it: " + count());
    }
    return List.of();
  }

  private boolean ofThem() {
    reading.take("of");
    reading.take("the", "these", "those", "my");
    reading.take("two", "three", "four");
    return reading.take("them", "results", "result", "answers", "numbers", "these", "those");
  }

  private boolean theResults() {
    if (reading.take("them", "these", "those")) {
      reading.take("results", "numbers");
      return true;
    }
    int from = reading.at;
    reading.take("the");
    if (reading.take("results", "answers")) {
      return true;
    }
    reading.at = from;
    return false;
  }

  private String count() {
    return switch (reading.results().size()) {
      case 0 -> "none";
      case 1 -> "only one";
      default -> Integer.toString(reading.results().size());
    };
  }
}
