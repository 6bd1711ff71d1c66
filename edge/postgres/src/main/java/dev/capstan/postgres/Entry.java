package dev.capstan.postgres;

import dev.capstan.journal.Append;
import dev.capstan.journal.Appended;
import dev.capstan.journal.Attachment;
import dev.capstan.journal.EventCodec;
import dev.capstan.journal.Journal;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An append as rows, encoded by whoever hands it over, so that the writer only writes. */
final class Entry {
  /** Longer payloads, in characters, are kept once by their hash. */
  static final int LONGEST_INLINE = 4_096;

  /** What a row takes beside its payload. */
  private static final int ROW_BYTES = 64;

  final long run;
  final int firstSeq;
  final long[] at;
  final short[] types;
  final @Nullable String[] payloads;
  final @Nullable String[] refs;
  final List<Attachment> attachments;
  final long bytes;
  final CompletableFuture<Appended> done = new CompletableFuture<>();

  /** Its place among all that was ever handed over, from 1. Set as it is put in the inbox. */
  long number;

  /** An attempt to write it may have succeeded, unknown to us. */
  boolean doubtful;

  private final Append append;

  private Entry(Append append, List<Attachment> attachments, Encoded encoded) {
    this.append = append;
    this.run = append.run().value();
    this.firstSeq = append.firstSeq();
    this.at = append.at().stream().mapToLong(Entry::micros).toArray();
    this.types = encoded.types;
    this.payloads = encoded.payloads;
    this.refs = encoded.refs;
    this.attachments = attachments;
    long length = (long) ROW_BYTES * encoded.types.length + encoded.length;
    for (Attachment attachment : attachments) {
      length += attachment.text().length();
    }
    this.bytes = length;
  }

  private static final class Encoded {
    final short[] types;
    final @Nullable String[] payloads;
    final @Nullable String[] refs;
    long length;

    Encoded(int rows) {
      types = new short[rows];
      payloads = new String[rows];
      refs = new String[rows];
    }
  }

  /**
   * Throws a {@link dev.capstan.kernel.Refusal} of {@code too_large} when an event is longer than
   * {@link Journal#LONGEST_EVENT}.
   */
  static Entry of(Append append, EventTypes types) {
    List<RunEvent> events = append.events();
    List<Attachment> attachments = new ArrayList<>(append.attachments());
    Encoded encoded = new Encoded(events.size());
    List<String> texts = EventCodec.encode(events);
    for (int i = 0; i < events.size(); i++) {
      String payload = PgText.ofJson(texts.get(i));
      encoded.types[i] = types.code(EventCodec.wireName(events.get(i)));
      if (payload.length() <= LONGEST_INLINE) {
        encoded.payloads[i] = payload;
        encoded.length += payload.length();
      } else {
        check(payload);
        Attachment kept = Attachment.of(payload);
        encoded.refs[i] = kept.hash();
        attachments.add(kept);
      }
    }
    return new Entry(append, attachments, encoded);
  }

  private static void check(String payload) {
    if (payload.length() > Journal.LONGEST_EVENT) {
      throw Problem.of(
              ProblemCode.TOO_LARGE,
              "an event takes "
                  + payload.length()
                  + " characters; the journal takes "
                  + Journal.LONGEST_EVENT)
          .refusal();
    }
  }

  int rows() {
    return types.length;
  }

  /** Whether nothing can follow it. */
  boolean endsRun() {
    return append.events().getLast() instanceof RunEvent.Terminal;
  }

  int lastSeq() {
    return firstSeq + types.length - 1;
  }

  /** Its events in their places, for followers. */
  void recordInto(List<Recorded> batch) {
    List<RunEvent> events = append.events();
    for (int i = 0; i < events.size(); i++) {
      batch.add(new Recorded(append.run(), firstSeq + i, append.at().get(i), events.get(i)));
    }
  }

  static long micros(Instant at) {
    return at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000;
  }

  static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
  }
}
