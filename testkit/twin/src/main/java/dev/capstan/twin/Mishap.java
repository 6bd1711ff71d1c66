package dev.capstan.twin;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What goes wrong with an answer. */
public sealed interface Mishap {
  record None() implements Mishap {}

  /** The vendor refuses in its own words. */
  record Denies(Denial denial, @Nullable Retry retry) implements Mishap {}

  /** Exactly these bytes. */
  record Answers(int status, Map<String, String> headers, String contentType, String body)
      implements Mishap {}

  /** The connection ends or falls silent. */
  record Breaks(Where where, How how) implements Mishap {}

  /** The answer is whole and wrong. */
  record Garbles(Garble garble) implements Mishap {}

  /**
   * When the vendor wants to be asked again.
   *
   * @param form how it says so
   */
  record Retry(Form form, Duration in) {}

  /** The ways to say when to come back. */
  enum Form {
    /** {@code Retry-After: 2}, and RetryInfo where the vendor has it. */
    SECONDS,
    /** {@code Retry-After: Sat, 21 Nov 2026 12:00:00 GMT}. */
    DATE,
    /** {@code retry-after-ms: 1500}. */
    MILLIS,
    /** The vendor's own reset headers. */
    RESET_HEADERS,
    /** RetryInfo in the body; the vendor's reset headers where there is none. */
    BODY
  }

  /** The moment of a break. */
  enum Where {
    BEFORE_HEADERS,
    AFTER_HEADERS,
    /** Half of the body, or half of the stream's pieces. */
    MIDWAY,
    /** All pieces of a stream came, its end did not; the last byte of a body. */
    BEFORE_THE_END
  }

  /** The kind of a break. */
  enum How {
    /** The connection is closed in order. */
    CUT,
    /** The connection is reset. */
    RESET,
    /** Nothing more comes until the client leaves. */
    STALL
  }

  /** What is wrong with an answer that has status 200. */
  enum Garble {
    /** Half of the JSON, in a whole body; half of the JSON in one event of a stream. */
    MALFORMED_JSON,
    /** JSON, but not the vendor's. */
    WRONG_SHAPE,
    /** A page of HTML. */
    WRONG_CONTENT_TYPE,
    EMPTY_BODY,
    /** A body, or a line of a stream, that has no end for 64 MiB. */
    HUGE,
    /** A stream of pieces that does not end before the client leaves. */
    NEVER_ENDING,
    /** The vendor's error, in the middle of a stream; as a body of status 200. */
    ERROR_EVENT,
    /** A stream that ends in order, but without the vendor's last word. */
    UNFINISHED
  }

  Mishap NONE = new None();

  static Mishap denies(Denial denial) {
    return new Denies(denial, null);
  }

  static Mishap denies(Denial denial, Form form, Duration in) {
    return new Denies(denial, new Retry(form, in));
  }

  static Mishap breaks(Where where, How how) {
    return new Breaks(where, how);
  }

  static Mishap garbles(Garble garble) {
    return new Garbles(garble);
  }
}
