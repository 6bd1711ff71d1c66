package dev.capstan.llm.provider.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SseReaderTest {
  /** A body that has come already, in these pieces. */
  private static SseReader.Pieces arrived(List<byte[]> pieces) {
    Iterator<byte[]> each = pieces.iterator();
    return () -> each.hasNext() ? ByteBuffer.wrap(each.next()) : null;
  }

  private static List<String> events(List<byte[]> pieces, Bounds bounds) throws Exception {
    SseReader reader = new SseReader(arrived(pieces), bounds);
    List<String> events = new ArrayList<>();
    while (reader.next()) {
      events.add(reader.name() + "|" + reader.json());
    }
    return events;
  }

  private static List<String> events(String stream) throws Exception {
    return events(List.of(stream.getBytes(StandardCharsets.UTF_8)), Bounds.DEFAULT);
  }

  @Test
  void events_are_read_as_the_standard_says() throws Exception {
    assertThat(
            events(
                "\uFEFF: hello\n\nevent: a\ndata: {\"x\":\ndata: 1}\n\n"
                    + "id: 7\r\ndata:{}\r\n\r\nevent: lost\n\ndata:  {\"y\":2}\r\r"
                    + "dataless: 3\ndata: {\"cut\":1}\n"))
        .containsExactly("a|{\"x\":1}", "|{}", "|{\"y\":2}");
  }

  @Test
  void where_the_bytes_are_cut_changes_nothing() throws Exception {
    String stream =
        "event: ä\r\ndata: {\"text\":\"Grüße, 🎡 世界\"}\r\n\r\ndata: {\"n\":\rdata: 2}\r\r";
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    List<String> whole = events(List.of(bytes), Bounds.DEFAULT);
    assertThat(whole).hasSize(2);
    SplittableRandom dice = new SplittableRandom(4);
    for (int i = 0; i < 300; i++) {
      List<byte[]> pieces = new ArrayList<>();
      for (int at = 0; at < bytes.length; ) {
        int to = Math.min(bytes.length, at + dice.nextInt(1, 9));
        pieces.add(Arrays.copyOfRange(bytes, at, to));
        at = to;
      }
      assertThat(events(pieces, Bounds.DEFAULT)).isEqualTo(whole);
    }
  }

  @Test
  void what_is_no_json_object_is_malformed() {
    assertThatThrownBy(() -> events("data: {\"half\n\n")).isInstanceOf(WireFault.class);
    assertThatThrownBy(() -> events("data: [1]\n\n")).isInstanceOf(WireFault.class);
  }

  @Test
  void lines_events_and_streams_are_bounded() {
    Bounds small = new Bounds(5_000, 2_000, 100);
    List<byte[]> line = List.of(("data: " + "x".repeat(4_500)).getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> events(line, small)).hasMessageContaining("longer than 2000");
    byte[] more = "data: 12345678901234567890\n".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> events(Collections.nCopies(150, more), small))
        .hasMessageContaining("longer than 2000");
    byte[] comment = ": 123456789012345678901234567890\n".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> events(Collections.nCopies(200, comment), small))
        .hasMessageContaining("longer than 5000");
  }
}
