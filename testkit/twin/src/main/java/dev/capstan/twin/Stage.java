package dev.capstan.twin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Plays a scene: answers a request, or spoils the answer as the scene says. */
final class Stage {
  private static final int HUGE = 64 * 1024 * 1024;
  private static final String JSON = "application/json";
  private static final String EVENTS = "text/event-stream; charset=utf-8";

  private final Bill bill;

  Stage(Bill bill) {
    this.bill = bill;
  }

  void play(Turn turn, Desk desk, Line line) throws IOException {
    line.pause(turn.scene().pace().first());
    switch (turn.scene().mishap()) {
      case Mishap.Denies(var denial, var retry) ->
          refuse(desk.deny(denial, turn.ask(), retry), line);
      case Mishap.Answers(var status, var headers, var contentType, var body) ->
          line.whole(status, headers, contentType, body.getBytes(StandardCharsets.UTF_8));
      case Mishap.Breaks(var where, var how) when where == Mishap.Where.BEFORE_HEADERS -> {
        charge(turn, turn.whole());
        throw broken(how, line);
      }
      case Mishap.Garbles(var garble) when isNoAnswer(garble, turn) -> {
        charge(turn, turn.whole());
        garbled(garble, turn, desk, line);
      }
      default -> {
        if (turn.ask().stream()) {
          stream(turn, desk, line);
        } else {
          whole(turn, desk, line);
        }
      }
    }
  }

  void refuse(Desk.Refused refused, Line line) throws IOException {
    line.whole(
        refused.status(),
        refused.headers(),
        refused.contentType(),
        refused.body().getBytes(StandardCharsets.UTF_8));
  }

  private void charge(Turn turn, Bill.Line charged) {
    if (turn.scene().count().billed()) {
      Ask ask = turn.ask();
      bill.charge(new Bill.Account(ask.place(), ask.key(), ask.model()), charged);
    }
  }

  private void whole(Turn turn, Desk desk, Line line) throws IOException {
    charge(turn, turn.whole());
    byte[] body = desk.whole(turn).getBytes(StandardCharsets.UTF_8);
    if (turn.scene().mishap() instanceof Mishap.Breaks(var where, var how)) {
      line.begin(200, desk.headers(turn), JSON, body.length);
      int told =
          switch (where) {
            case MIDWAY -> body.length / 2;
            case BEFORE_THE_END -> body.length - 1;
            default -> 0;
          };
      line.bytes(body, 0, told);
      throw broken(how, line);
    }
    line.whole(200, desk.headers(turn), JSON, body);
  }

  private void stream(Turn turn, Desk desk, Line line) throws IOException {
    boolean array = turn.ask().headers().containsKey(VendorTwin.AS_ARRAY);
    Telling telling = new Telling(line, turn, desk, array, pieces(turn));
    boolean charged = false;
    try {
      line.beginChunks(200, desk.headers(turn), array ? JSON : EVENTS);
      if (turn.scene().mishap() instanceof Mishap.Breaks(var where, var how)
          && where == Mishap.Where.AFTER_HEADERS) {
        throw telling.broken(how);
      }
      desk.stream(turn, telling);
      // Billed before the client can know that it is over, so that nobody reads the bill too early.
      charge(turn, telling.gaveUp() ? turn.upTo(telling.sent()) : turn.whole());
      charged = true;
      telling.close();
    } finally {
      if (!charged) {
        charge(turn, turn.upTo(telling.sent()));
      }
    }
  }

  private static int pieces(Turn turn) {
    int pieces = turn.pieces(turn.text()).size();
    for (Scene.Wish wish : turn.wishes()) {
      pieces += turn.pieces(wish.arguments()).size();
    }
    return pieces;
  }

  /** Whether the garble replaces the answer, instead of coming up within a stream of it. */
  private static boolean isNoAnswer(Mishap.Garble garble, Turn turn) {
    return switch (garble) {
      case WRONG_CONTENT_TYPE, EMPTY_BODY -> true;
      case NEVER_ENDING, UNFINISHED -> false;
      default -> !turn.ask().stream();
    };
  }

  private void garbled(Mishap.Garble garble, Turn turn, Desk desk, Line line) throws IOException {
    Map<String, String> headers = desk.headers(turn);
    boolean stream = turn.ask().stream();
    switch (garble) {
      case MALFORMED_JSON -> {
        String body = desk.whole(turn);
        text(line, headers, JSON, body.substring(0, body.length() / 2));
      }
      case WRONG_SHAPE -> text(line, headers, JSON, "{\"hello\":[\"world\",7,null]}");
      case WRONG_CONTENT_TYPE ->
          text(line, headers, "text/html", "<html><body>Sign in to the hotel's net</body></html>");
      case EMPTY_BODY -> text(line, headers, stream ? EVENTS : JSON, "");
      case ERROR_EVENT -> text(line, headers, JSON, desk.errorEvent(turn).data());
      case HUGE -> huge(line, headers);
      default -> throw new IllegalStateException("not a garble of a whole answer: " + garble);
    }
  }

  private static void text(Line line, Map<String, String> headers, String type, String body)
      throws IOException {
    line.whole(200, headers, type, body.getBytes(StandardCharsets.UTF_8));
  }

  private static void huge(Line line, Map<String, String> headers) throws IOException {
    byte[] block = "x".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
    line.beginChunks(200, headers, JSON);
    byte[] begin = "{\"id\":\"".getBytes(StandardCharsets.US_ASCII);
    line.chunk(begin, 0, begin.length);
    for (int told = 0; told < HUGE; told += block.length) {
      line.chunk(block, 0, block.length);
    }
    line.endChunks();
  }

  private static IOException broken(Mishap.How how, Line line) throws IOException {
    return switch (how) {
      case CUT -> line.cut();
      case RESET -> line.reset();
      case STALL -> line.stall();
    };
  }
}
