package dev.capstan.postgres;

import dev.capstan.kernel.RunId;
import dev.capstan.kernel.RunIds;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * The runs of one week, Monday to Sunday in UTC, which are dropped together.
 *
 * @param number weeks since Monday, 29 December 1969
 * @param first whether it takes in all that is older, too
 */
record Band(int number, boolean first) {
  static final Duration LENGTH = Duration.ofDays(7);

  /** From the Monday before 1970 until 1970. */
  private static final long LEAD_MILLIS = Duration.ofDays(3).toMillis();

  /** Ids hold no later moment than this. */
  private static final long END_OF_IDS_MILLIS = 1L << 42;

  static int numberAt(Instant instant) {
    return Math.toIntExact(Math.floorDiv(instant.toEpochMilli() + LEAD_MILLIS, LENGTH.toMillis()));
  }

  static int numberOf(long run) {
    return numberAt(RunIds.mintedAt(new RunId(run)));
  }

  Instant begins() {
    return beginOf(number);
  }

  Instant ends() {
    return beginOf(number + 1);
  }

  private static Instant beginOf(int number) {
    return Instant.ofEpochMilli(number * LENGTH.toMillis() - LEAD_MILLIS);
  }

  /** The smallest id of it. */
  long lowest() {
    return first ? 0 : RunIds.firstAt(begins()).value();
  }

  /** The largest id of it. */
  long highest() {
    return endsWithIds() ? Long.MAX_VALUE : RunIds.firstAt(ends()).value() - 1;
  }

  private boolean endsWithIds() {
    return ends().toEpochMilli() >= END_OF_IDS_MILLIS;
  }

  /** As a partition's bounds. */
  String runBounds() {
    return "from ("
        + (first ? "minvalue" : Long.toString(lowest()))
        + ") to ("
        + (endsWithIds() ? "maxvalue" : Long.toString(highest() + 1))
        + ")";
  }

  String bandBounds() {
    return "from ("
        + (first ? "minvalue" : Integer.toString(number))
        + ") to ("
        + (number + 1)
        + ")";
  }

  String journalTable() {
    return "journal_" + suffix();
  }

  String attachmentTable() {
    return "attachment_" + suffix();
  }

  private String suffix() {
    return first ? "first" : firstDay().toString().replace('-', '_');
  }

  LocalDate firstDay() {
    return begins().atOffset(ZoneOffset.UTC).toLocalDate();
  }

  @Override
  public String toString() {
    return first ? "the runs up to " + firstDay().plusDays(6) : "the week of " + firstDay();
  }
}
