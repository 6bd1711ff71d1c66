package dev.capstan.twin;

import dev.capstan.kernel.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Tells an answer event by event, and does to it what the scene says, where it says so. */
final class Telling {
  private static final int HUGE = 64 * 1024 * 1024;

  private final Line line;
  private final Turn turn;
  private final Desk desk;
  private final boolean array;
  private final int breakAt;
  private int pieces;
  private int events;
  private int sent;
  private boolean over;

  /**
   * @param array whether the events are elements of one JSON array instead
   * @param pieces how many pieces will be told
   */
  Telling(Line line, Turn turn, Desk desk, boolean array, int pieces) {
    this.line = line;
    this.turn = turn;
    this.desk = desk;
    this.array = array;
    this.breakAt = Math.max(1, pieces / 2);
  }

  /** Whether the vendor gave up in the middle. */
  boolean gaveUp() {
    return over;
  }

  /** How many visible tokens went out. */
  int sent() {
    return sent;
  }

  /** Something that is no part of the answer's words. */
  void event(String name, String json) throws IOException {
    write(name, json);
  }

  /** A piece of the answer, of so many tokens. */
  void piece(String name, String json, int tokens) throws IOException {
    if (over) {
      return;
    }
    line.pause(turn.scene().pace().between());
    write(name, json);
    sent += tokens;
    pieces++;
    if (pieces == breakAt) {
      halfway();
    }
    if (turn.scene().mishap() instanceof Mishap.Garbles(var garble)
        && garble == Mishap.Garble.NEVER_ENDING) {
      while (true) {
        line.pause(java.time.Duration.ofMillis(1));
        write(name, json);
        sent += tokens;
      }
    }
  }

  /** The vendor's last words, which an unfinished stream lacks. */
  void last(String name, String json) throws IOException {
    Mishap mishap = turn.scene().mishap();
    if (mishap instanceof Mishap.Breaks(var where, var how)
        && where != Mishap.Where.BEFORE_HEADERS
        && where != Mishap.Where.AFTER_HEADERS) {
      throw broken(how);
    }
    if (mishap instanceof Mishap.Garbles(var garble) && garble == Mishap.Garble.UNFINISHED) {
      return;
    }
    write(name, json);
  }

  private void halfway() throws IOException {
    switch (turn.scene().mishap()) {
      case Mishap.Breaks(var where, var how) when where == Mishap.Where.MIDWAY -> throw broken(how);
      case Mishap.Garbles(var garble) -> garble(garble);
      default -> {}
    }
  }

  private void garble(Mishap.Garble garble) throws IOException {
    switch (garble) {
      case MALFORMED_JSON -> write("", "{\"id\": \"half\", \"choices\": [{\"delta\": {\"con");
      case WRONG_SHAPE -> write("", "[[\"what\"], 7, null]");
      case ERROR_EVENT -> {
        Desk.Event error = desk.errorEvent(turn);
        write(error.name(), error.data());
        over = true;
      }
      case HUGE -> endlessLine();
      default -> {}
    }
  }

  private void endlessLine() throws IOException {
    byte[] block = "x".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
    chunk("data: ".getBytes(StandardCharsets.US_ASCII));
    for (int told = 0; told < HUGE; told += block.length) {
      chunk(block);
    }
  }

  IOException broken(Mishap.How how) throws IOException {
    return switch (how) {
      case CUT -> line.cut();
      case RESET -> line.reset();
      case STALL -> line.stall();
    };
  }

  /** The stream's end as HTTP has it. */
  void close() throws IOException {
    if (array) {
      chunk((events == 0 ? "[]" : "]").getBytes(StandardCharsets.UTF_8));
    }
    line.endChunks();
  }

  private void write(String name, String json) throws IOException {
    if (over) {
      return;
    }
    String text = array ? (events == 0 ? "[" : ",\r\n") + json : framed(name, json);
    events++;
    chunk(text.getBytes(StandardCharsets.UTF_8));
  }

  private void chunk(byte[] bytes) throws IOException {
    if (turn.scene().framing().contains(Scene.Framing.BYTEWISE) && bytes.length < 64 * 1024) {
      for (int i = 0; i < bytes.length; i++) {
        line.chunk(bytes, i, 1);
      }
    } else {
      line.chunk(bytes, 0, bytes.length);
    }
  }

  private String framed(String name, String json) {
    var framing = turn.scene().framing();
    if (framing.isEmpty()) {
      return (name.isEmpty() ? "" : "event: " + name + "\n") + "data: " + json + "\n\n";
    }
    String blank = framing.contains(Scene.Framing.NO_BLANK) ? "" : " ";
    StringBuilder text = new StringBuilder();
    if (events == 0 && framing.contains(Scene.Framing.BOM)) {
      text.append('\uFEFF');
    }
    if (framing.contains(Scene.Framing.COMMENTS)) {
      text.append(": still here\n\n:\nid: ").append(events).append("\nretry: 10\nodd\n");
    }
    if (!name.isEmpty()) {
      text.append("event:").append(blank).append(name).append('\n');
    }
    boolean spread = framing.contains(Scene.Framing.MULTILINE_DATA) && json.startsWith("{");
    String data = spread ? Json.pretty(Json.parse(json)).replace("\r", "") : json;
    data.lines().forEach(part -> text.append("data:").append(blank).append(part).append('\n'));
    text.append('\n');
    String lines = text.toString();
    if (framing.contains(Scene.Framing.CRLF)) {
      return lines.replace("\n", "\r\n");
    }
    return framing.contains(Scene.Framing.CR) ? lines.replace('\n', '\r') : lines;
  }
}
