package dev.capstan.kernel;

/**
 * A text that nobody may read by accident, such as an API key: it shows itself only to who asks by
 * name, and never in a log, an exception or a document.
 */
public final class Secret {
  private static final String MASK = "[secret]";

  /** Shorter ones are found in too many innocent texts to be struck out of them. */
  private static final int SHORTEST_STRUCK = 6;

  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /** Surrounding blanks, which a file or a shell may have added, are no part of it. */
  public static Secret of(String value) {
    return new Secret(value.strip());
  }

  public boolean isEmpty() {
    return value.isEmpty();
  }

  /** The secret itself: for the header that it goes into, and nothing else. */
  public String reveal() {
    return value;
  }

  /** The text without this secret, for what others wrote and may have echoed it in. */
  public String struckFrom(String text) {
    return value.length() < SHORTEST_STRUCK ? text : text.replace(value, MASK);
  }

  @Override
  public String toString() {
    return MASK;
  }
}
