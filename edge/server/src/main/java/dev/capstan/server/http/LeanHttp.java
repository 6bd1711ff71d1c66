package dev.capstan.server.http;

import org.apache.coyote.http11.Http11NioProtocol;

/**
 * HTTP/1.1 whose requests in hand are small: Tomcat's own sizes take 70 kB for each of them, these
 * take 40. Made by Tomcat, by its name.
 */
public final class LeanHttp extends Http11NioProtocol {
  private static final int LARGEST_REQUEST_HEADER = 8 * 1024;
  private static final int LARGEST_RESPONSE_HEADER = 4 * 1024;
  private static final int BUFFER = 2 * 1024;

  /** Whoever comes after them waits in the system's queue until one of them goes. */
  private static final int MOST_CONNECTIONS = 1_024;

  /** Beyond so many a connection is closed after its answer: one at rest is in the way then. */
  private static final int MOST_KEPT = MOST_CONNECTIONS * 3 / 4;

  /** Whom the system's queue has no room for tries again after 1, 2, 4, … 32 s. */
  private static final int MOST_QUEUED = 4_096;

  /** A body that is too large is read on so far: whoever sent it still gets to read the refusal. */
  private static final int MOST_SWALLOWED = 64 * 1024 * 1024;

  private static final int PATIENCE_MILLIS = 20_000;

  /** For Tomcat. */
  public LeanHttp() {
    super(new StickyEndpoint());
    setExecutor(new Workers());
    setMaxHttpRequestHeaderSize(LARGEST_REQUEST_HEADER);
    setMaxHttpResponseHeaderSize(LARGEST_RESPONSE_HEADER);
    setMaxConnections(MOST_CONNECTIONS);
    setAcceptCount(MOST_QUEUED);
    setMaxSwallowSize(MOST_SWALLOWED);
    setConnectionTimeout(PATIENCE_MILLIS);
  }

  /**
   * A connection may be used as long as its client likes, unless others wait: a thousand clients
   * that keep theirs for later would shut everybody else out.
   */
  @Override
  public int getMaxKeepAliveRequests() {
    return getConnectionCount() < MOST_KEPT ? -1 : 1;
  }

  /** The buffer between an answer and the socket; answers that are longer pass it by. */
  @Override
  public int getDesiredBufferSize() {
    return BUFFER;
  }
}
