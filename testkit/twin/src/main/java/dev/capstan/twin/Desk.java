package dev.capstan.twin;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One wire protocol. */
interface Desk {
  /**
   * What the vendor would not accept of this request.
   *
   * @return its refusal, or null when it is in order
   */
  @Nullable Refused check(Ask ask, HttpAsk http);

  /** The whole answer, as JSON. */
  String whole(Turn turn);

  /** The answer in events. */
  void stream(Turn turn, Telling telling) throws IOException;

  /** The vendor's error in the middle of a stream, as an event's name and its JSON. */
  Event errorEvent(Turn turn);

  Refused deny(Denial denial, Ask ask, Mishap.@Nullable Retry retry);

  /** What every answer of this vendor carries. */
  Map<String, String> headers(Turn turn);

  /** An event; {@code name} is empty where the protocol has none. */
  record Event(String name, String data) {}

  /** A refusal as it goes over the wire. */
  record Refused(int status, Map<String, String> headers, String contentType, String body) {
    static Refused json(int status, Map<String, String> headers, String body) {
      return new Refused(status, headers, "application/json", body);
    }

    static Refused page(int status, String title) {
      return new Refused(
          status,
          Map.of(),
          "text/html",
          "<html><head><title>%d %s</title></head><body><h1>%s</h1></body></html>"
              .formatted(status, title, title));
    }
  }
}
