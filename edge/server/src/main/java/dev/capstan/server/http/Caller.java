package dev.capstan.server.http;

import org.apache.coyote.ActionCode;
import org.apache.coyote.Request;

/**
 * Whoever sent a request, as its connection shows it. While we work on an answer Tomcat does not
 * look at the connection; asked how much there is to read, it does. A next request that was sent
 * before this one is answered is lost by that, if it came in one piece with this one's body: the
 * connection is closed then, and its client asks again, as whoever does not wait has to in
 * HTTP/1.1.
 */
record Caller(Request request) {
  /** The attribute of a request that holds it. */
  static final String NAME = Caller.class.getName();

  /** What Tomcat says of a connection that is closed or broken; a next request is longer. */
  private static final int NO_MORE = 1;

  /**
   * Whether the connection has been closed from the other side. Only for the thread that works on
   * the request, and when its body is read.
   */
  boolean isGone() {
    request.action(ActionCode.AVAILABLE, true);
    return request.getAvailable() == NO_MORE;
  }
}
