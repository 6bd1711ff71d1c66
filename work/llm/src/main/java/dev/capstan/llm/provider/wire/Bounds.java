package dev.capstan.llm.provider.wire;

/**
 * How much of an answer is read, in bytes; what is larger ends as {@code malformed}.
 *
 * @param answer all of it, framing included
 * @param event one event of a stream
 * @param refusal the body of an error; the rest of it is not read
 */
public record Bounds(int answer, int event, int refusal) {
  public static final Bounds DEFAULT = new Bounds(32 * 1024 * 1024, 8 * 1024 * 1024, 256 * 1024);
}
