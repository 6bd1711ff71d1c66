package dev.capstan.twin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the twin answers one request.
 *
 * @param thinking what the model thinks aloud before, or empty; Anthropic and Gemini sign it
 * @param wishes the tools that it asks for
 * @param filtered whether the vendor cuts the answer off for what it says
 * @param framing odd but lawful ways to write a stream
 */
public record Scene(
    String text,
    String thinking,
    List<Wish> wishes,
    boolean filtered,
    Count count,
    Pace pace,
    Set<Framing> framing,
    Mishap mishap) {

  /** A tool request; {@code arguments} is JSON, or something that only wants to be. */
  public record Wish(String tool, String arguments) {}

  /**
   * What the twin counts and bills.
   *
   * @param input tokens, cached and written ones included; null to count the request
   * @param output tokens, reasoning included; null to count the answer
   * @param obeysMaxTokens whether the answer ends at the caller's bound
   * @param reported whether the answer tells its usage
   * @param billed whether the call is on the bill
   */
  public record Count(
      @Nullable Integer input,
      int cached,
      int written,
      int reasoning,
      @Nullable Integer output,
      boolean obeysMaxTokens,
      boolean reported,
      boolean billed) {
    public static final Count HONEST = new Count(null, 0, 0, 0, null, true, true, true);
  }

  /**
   * @param first before the first byte
   * @param between between two pieces of a stream
   * @param tokensPerPiece how many tokens one piece of a stream holds, at least 1
   */
  public record Pace(Duration first, Duration between, int tokensPerPiece) {
    public static final Pace AT_ONCE = new Pace(Duration.ZERO, Duration.ZERO, 4);
  }

  /** Lawful oddities of server-sent events. */
  public enum Framing {
    /** Every byte is a chunk of its own. */
    BYTEWISE,
    CRLF,
    CR,
    /** The JSON is spread over several data lines. */
    MULTILINE_DATA,
    /** Comments, pings, and fields that nobody asked for. */
    COMMENTS,
    /** A byte order mark comes first. */
    BOM,
    /** No blank after the colon. */
    NO_BLANK
  }

  public Scene {
    wishes = List.copyOf(wishes);
    framing = Set.copyOf(framing);
  }

  public static Scene says(String text) {
    return new Scene(text, "", List.of(), false, Count.HONEST, Pace.AT_ONCE, Set.of(), Mishap.NONE);
  }

  /** The text is of no matter: this happens instead or meanwhile. */
  public static Scene of(Mishap mishap) {
    return says("The quick brown fox jumps over the lazy dog, twelve times in a row.").but(mishap);
  }

  public Scene but(Mishap mishap) {
    return new Scene(text, thinking, wishes, filtered, count, pace, framing, mishap);
  }

  public Scene thinks(String thought) {
    return new Scene(text, thought, wishes, filtered, count, pace, framing, mishap);
  }

  /** One more tool request. */
  public Scene wants(String tool, String arguments) {
    List<Wish> more = new ArrayList<>(wishes);
    more.add(new Wish(tool, arguments));
    return new Scene(text, thinking, more, filtered, count, pace, framing, mishap);
  }

  public Scene cutForItsContent() {
    return new Scene(text, thinking, wishes, true, count, pace, framing, mishap);
  }

  public Scene counts(Count counted) {
    return new Scene(text, thinking, wishes, filtered, counted, pace, framing, mishap);
  }

  /** It writes on beyond the caller's bound, as vendors do who bill hidden tokens. */
  public Scene ignoringMaxTokens() {
    Count c = count;
    return counts(
        new Count(
            c.input, c.cached, c.written, c.reasoning, c.output, false, c.reported, c.billed));
  }

  /** It does not say what it used. */
  public Scene withoutUsage() {
    Count c = count;
    return counts(
        new Count(
            c.input,
            c.cached,
            c.written,
            c.reasoning,
            c.output,
            c.obeysMaxTokens,
            false,
            c.billed));
  }

  /** Its first byte comes after so long. */
  public Scene after(Duration first) {
    return paced(new Pace(first, pace.between, pace.tokensPerPiece));
  }

  public Scene paced(Pace other) {
    return new Scene(text, thinking, wishes, filtered, count, other, framing, mishap);
  }

  public Scene framed(Framing... oddities) {
    return new Scene(text, thinking, wishes, filtered, count, pace, Set.of(oddities), mishap);
  }
}
