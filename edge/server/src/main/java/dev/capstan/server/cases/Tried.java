package dev.capstan.server.cases;

import java.util.List;

/**
 * What came of a case.
 *
 * @param wrong what was not as it must be; empty when the case passed
 * @param notes what a person should know besides
 * @param sum of what it took, in words
 */
record Tried(List<String> wrong, List<String> notes, String sum) {
  Tried {
    wrong = List.copyOf(wrong);
    notes = List.copyOf(notes);
  }

  boolean passed() {
    return wrong.isEmpty();
  }
}
