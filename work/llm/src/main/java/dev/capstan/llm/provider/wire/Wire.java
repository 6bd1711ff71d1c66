package dev.capstan.llm.provider.wire;

import dev.capstan.llm.provider.FaultKind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The one HTTP client that all providers of a process share, with its clocks. It reads and writes
 * on the caller's own thread: a call that hands its bytes from thread to thread costs three times
 * as much.
 */
public final class Wire implements AutoCloseable {
  /** As many as there are calls: how many those may be is for limits to say. */
  private static final int MOST_CONNECTIONS = 65_536;

  private static final int BUFFER = 4 * 1024;
  private static final int LONGEST_LINE = 64 * 1024;
  private static final int MOST_HEADERS = 500;
  private static final TimeValue IDLE = TimeValue.ofSeconds(30);

  private static final String USER_AGENT = "capstan";

  private final PoolingHttpClientConnectionManager connections;
  private final CloseableHttpClient direct;
  private final CloseableHttpClient proxied;
  private final Map<HttpHost, CloseableHttpClient> clients = new ConcurrentHashMap<>();
  private final Deadlines deadlines;
  private final InstantSource clock;

  private Wire(Duration connect, InstantSource clock, LongSupplier nanoTime) {
    this.connections = connections(connect);
    // Goes one straight way, without looking for sign-ins and detours that no vendor has.
    this.direct = HttpClients.createMinimal(connections);
    this.proxied = proxied(connections);
    this.deadlines = new Deadlines(nanoTime);
    this.clock = clock;
  }

  /**
   * Opens the client. It follows no redirects: a vendor's API does not move, and a key must not. It
   * repeats nothing: that is the gateway's.
   *
   * @param connect how long a connection may take to be there
   * @param nanoTime elapsed nanoseconds, for deadlines
   */
  public static Wire open(Duration connect, InstantSource clock, LongSupplier nanoTime) {
    return new Wire(connect, clock, nanoTime);
  }

  private static CloseableHttpClient proxied(PoolingHttpClientConnectionManager connections) {
    return HttpClients.custom()
        .setConnectionManager(connections)
        .setDefaultRequestConfig(RequestConfig.custom().setProtocolUpgradeEnabled(false).build())
        .setRoutePlanner(new SystemDefaultRoutePlanner(ProxySelector.getDefault()))
        .evictIdleConnections(IDLE)
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableContentCompression()
        .disableCookieManagement()
        .disableAuthCaching()
        .build();
  }

  private static PoolingHttpClientConnectionManager connections(Duration connect) {
    Http1Config small =
        Http1Config.custom()
            .setBufferSize(BUFFER)
            .setMaxLineLength(LONGEST_LINE)
            .setMaxHeaderCount(MOST_HEADERS)
            .build();
    ConnectionConfig each =
        ConnectionConfig.custom()
            .setConnectTimeout(Timeout.of(connect))
            .setSocketTimeout(Timeout.DISABLED)
            .setValidateAfterInactivity(TimeValue.ofSeconds(1))
            .build();
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setConnectionFactory(
            ManagedHttpClientConnectionFactory.builder().http1Config(small).build())
        .setMaxConnTotal(MOST_CONNECTIONS)
        .setMaxConnPerRoute(MOST_CONNECTIONS)
        .setConnPoolPolicy(PoolReusePolicy.LIFO)
        .setDefaultConnectionConfig(each)
        .build();
  }

  /** By what this JVM's settings said when the vendor was first asked. */
  private CloseableHttpClient client(HttpHost vendor) {
    ProxySelector selector = ProxySelector.getDefault();
    boolean straight =
        selector == null
            || selector.select(URI.create(vendor.toURI())).stream()
                .allMatch(proxy -> proxy.type() == Proxy.Type.DIRECT);
    return straight ? direct : proxied;
  }

  InstantSource clock() {
    return clock;
  }

  /**
   * Sends and waits for the answer's head. On a virtual thread an interrupt ends it at once.
   *
   * @param timeout from now to the last byte
   * @param silence the longest within it
   */
  ByteFeed send(HttpHost vendor, HttpPost request, Duration timeout, Duration silence)
      throws WireFault, InterruptedException {
    if (!timeout.isPositive()) {
      throw WireFault.of(FaultKind.UNREACHABLE, "the call's time was over before it began");
    }
    long deadline = deadlines.now() + timeout.toNanos();
    request.setHeader("User-Agent", USER_AGENT);
    CloseableHttpClient client = clients.computeIfAbsent(vendor, this::client);
    HangUp hangUp = new HangUp(deadlines, request, deadline, silence.toNanos());
    try {
      return new ByteFeed(client.executeOpen(vendor, request, null), hangUp);
    } catch (IOException | IllegalStateException broken) {
      hangUp.close();
      throw fault(broken, hangUp);
    }
  }

  private static WireFault fault(Exception cause, HangUp hangUp) throws InterruptedException {
    // An interrupt closes the socket and leaves its flag.
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while a vendor was asked");
    }
    if (hangUp.hasRung()) {
      return hangUp.fault();
    }
    return switch (cause) {
      case ConnectTimeoutException late ->
          WireFault.of(FaultKind.UNREACHABLE, "no connection in time");
      case ConnectException refused -> unreachable();
      case UnknownHostException unknown -> unreachable();
      case NoRouteToHostException away -> unreachable();
      case SSLException insecure ->
          WireFault.of(FaultKind.UNREACHABLE, "no secure connection: " + words(insecure));
      case IOException odd when odd.getCause() instanceof ProtocolException ->
          WireFault.malformed("the answer is no HTTP");
      case IOException broken ->
          WireFault.of(FaultKind.CONNECTION_BROKEN, "the connection broke before the answer");
      default ->
          WireFault.of(FaultKind.CONNECTION_BROKEN, "the client failed: " + cause.getClass());
    };
  }

  private static WireFault unreachable() {
    return WireFault.of(FaultKind.UNREACHABLE, "no connection");
  }

  private static String words(Throwable cause) {
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  /** Ends every call that is under way. */
  @Override
  public void close() {
    deadlines.close();
    proxied.close(CloseMode.IMMEDIATE);
    connections.close(CloseMode.IMMEDIATE);
  }
}
