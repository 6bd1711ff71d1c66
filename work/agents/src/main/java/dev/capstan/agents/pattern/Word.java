package dev.capstan.agents.pattern;

/**
 * A piece of the prompt.
 *
 * @param text in lower case; the text inside of a {@link Kind#QUOTE}; empty at the {@link Kind#END}
 * @param from where it begins in the prompt
 * @param to where it ends, exclusive
 */
record Word(Kind kind, String text, int from, int to) {
  enum Kind {
    WORD,
    NUMBER,
    /** One character such as {@code +} or {@code ,}. */
    SIGN,
    /** A text in quotation marks, to be taken as it is. */
    QUOTE,
    END
  }

  boolean is(String wanted) {
    return (kind == Kind.WORD || kind == Kind.SIGN) && text.equals(wanted);
  }
}
