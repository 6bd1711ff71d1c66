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

  /** A body that is too large is read on so far: whoever sent it still gets to read the refusal. */
  private static final int MOST_SWALLOWED = 64 * 1024 * 1024;

  private static final int PATIENCE_MILLIS = 20_000;

  /** For Tomcat. */
  public LeanHttp() {
    setMaxHttpRequestHeaderSize(LARGEST_REQUEST_HEADER);
    setMaxHttpResponseHeaderSize(LARGEST_RESPONSE_HEADER);
    setMaxConnections(MOST_CONNECTIONS);
    setAcceptCount(MOST_CONNECTIONS);
    // A connection may be used as long as its client likes; the default ends it after 100 requests.
    setMaxKeepAliveRequests(-1);
    setMaxSwallowSize(MOST_SWALLOWED);
    setConnectionTimeout(PATIENCE_MILLIS);
  }

  /** The buffer between an answer and the socket; answers that are longer pass it by. */
  @Override
  public int getDesiredBufferSize() {
    return BUFFER;
  }
}
