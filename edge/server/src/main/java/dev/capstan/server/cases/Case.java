package dev.capstan.server.cases;

import dev.capstan.server.rehearsal.Script;
import java.util.List;

/**
 * A recorded run and what must be true of it.
 *
 * @param script what is run, and what models, tools and people answer
 */
record Case(String name, Script script, List<Assertion> asserts) {
  static final String FORMAT = "capstan-case/1";

  Case {
    asserts = List.copyOf(asserts);
  }
}
