package dev.capstan.llm.provider.wire;

import dev.capstan.kernel.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Server-sent events, as the HTML standard writes them down: lines end with LF, CR or CRLF, data
 * may span lines, comments and unknown fields mean nothing, and a byte order mark may come first.
 * After {@link #next} it is the event that was read. An event that the end cuts off is dropped.
 */
public final class SseReader {
  /** Where the bytes come from. */
  interface Pieces {
    /** The next bytes, good until the next call; null at the end. */
    @Nullable ByteBuffer next() throws WireFault, InterruptedException;
  }

  private final Pieces pieces;
  private final Bounds bounds;

  private @Nullable ByteBuffer incoming;
  private long total;
  private byte[] line = new byte[1024];
  private int lineLength;
  private byte[] data = new byte[1024];
  private int dataLength;
  private boolean hasData;
  private String name = "";
  private boolean afterCarriageReturn;
  private boolean first = true;

  SseReader(Pieces pieces, Bounds bounds) {
    this.pieces = pieces;
    this.bounds = bounds;
  }

  /** Reads the next event that has data; false at the end of the stream. */
  boolean next() throws WireFault, InterruptedException {
    dataLength = 0;
    hasData = false;
    name = "";
    while (readLine()) {
      if (lineLength > 0) {
        field();
      } else if (hasData) {
        return true;
      } else {
        name = "";
      }
      lineLength = 0;
    }
    return false;
  }

  /** The event's type, or empty. */
  public String name() {
    return name;
  }

  /** Whether the data are exactly this, such as {@code [DONE]}. */
  public boolean is(String text) {
    return dataLength == text.length()
        && new String(data, 0, dataLength, StandardCharsets.UTF_8).equals(text);
  }

  /** The data, which all vendors write as a JSON object. */
  public JsonNode json() throws WireFault {
    try {
      JsonNode value = Json.mapper().readTree(data, 0, dataLength);
      if (value.isObject()) {
        return value;
      }
    } catch (JacksonException broken) {
      throw WireFault.malformed("an event of the stream is no JSON");
    }
    throw WireFault.malformed("an event of the stream is no JSON object");
  }

  /** Reads up to the end of a line; false when the stream ends before one. */
  private boolean readLine() throws WireFault, InterruptedException {
    while (true) {
      ByteBuffer bytes = incoming;
      if (bytes == null || !bytes.hasRemaining()) {
        bytes = pieces.next();
        incoming = bytes;
        if (bytes == null) {
          return false;
        }
        total += bytes.remaining();
        if (total > bounds.answer()) {
          throw WireFault.malformed("the stream is longer than " + bounds.answer() + " bytes");
        }
      }
      if (scan(bytes)) {
        return true;
      }
    }
  }

  private boolean scan(ByteBuffer bytes) throws WireFault {
    while (bytes.hasRemaining()) {
      byte b = bytes.get();
      boolean swallowed = afterCarriageReturn && b == '\n';
      afterCarriageReturn = b == '\r';
      if (swallowed) {
        continue;
      }
      if (b == '\n' || b == '\r') {
        withoutByteOrderMark();
        return true;
      }
      if (lineLength == line.length) {
        if (lineLength >= bounds.event()) {
          throw tooLong();
        }
        line = Arrays.copyOf(line, lineLength * 2);
      }
      line[lineLength++] = b;
    }
    return false;
  }

  private void withoutByteOrderMark() {
    if (first
        && lineLength >= 3
        && line[0] == (byte) 0xEF
        && line[1] == (byte) 0xBB
        && line[2] == (byte) 0xBF) {
      System.arraycopy(line, 3, line, 0, lineLength - 3);
      lineLength -= 3;
    }
    first = false;
  }

  private void field() throws WireFault {
    int value = valueAfter("data");
    if (value >= 0) {
      append(value);
      return;
    }
    value = valueAfter("event");
    if (value >= 0) {
      name = new String(line, value, lineLength - value, StandardCharsets.UTF_8);
    }
  }

  /** Where the field's value begins; -1 when the line is not of this field. */
  private int valueAfter(String field) {
    int length = field.length();
    if (lineLength < length) {
      return -1;
    }
    for (int i = 0; i < length; i++) {
      if (line[i] != field.charAt(i)) {
        return -1;
      }
    }
    if (lineLength == length) {
      return length;
    }
    if (line[length] != ':') {
      return -1;
    }
    boolean blank = lineLength > length + 1 && line[length + 1] == ' ';
    return blank ? length + 2 : length + 1;
  }

  private void append(int from) throws WireFault {
    int more = lineLength - from;
    int needed = dataLength + more + 1;
    if (needed > bounds.event()) {
      throw tooLong();
    }
    if (needed > data.length) {
      data = Arrays.copyOf(data, Math.max(needed, data.length * 2));
    }
    if (hasData) {
      data[dataLength++] = '\n';
    }
    System.arraycopy(line, from, data, dataLength, more);
    dataLength += more;
    hasData = true;
  }

  private WireFault tooLong() {
    return WireFault.malformed("an event is longer than " + bounds.event() + " bytes");
  }
}
