package dev.capstan.llm.provider.wire;

import dev.capstan.llm.provider.FaultKind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;

/** The one HTTP client that all providers of a process share, with its clocks. */
public final class Wire implements AutoCloseable {
  private final HttpClient client;
  private final InstantSource clock;
  private final LongSupplier nanoTime;

  private Wire(HttpClient client, InstantSource clock, LongSupplier nanoTime) {
    this.client = client;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /**
   * Opens the client. It follows no redirects: a vendor's API does not move, and a key must not.
   *
   * @param connect how long a connection may take to be there
   * @param nanoTime elapsed nanoseconds, for deadlines
   */
  public static Wire open(Duration connect, InstantSource clock, LongSupplier nanoTime) {
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(connect)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(
                Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("llm-wire-", 0).factory()))
            .build();
    return new Wire(client, clock, nanoTime);
  }

  InstantSource clock() {
    return clock;
  }

  /** Until when and how silently a call that begins now may go on. */
  ByteFeed.Patience patience(Duration timeout, Duration idleTimeout) {
    return new ByteFeed.Patience(
        nanoTime, nanoTime.getAsLong() + timeout.toNanos(), idleTimeout.toNanos());
  }

  /** Sends and waits for the answer's head. */
  HttpResponse<ByteFeed> send(HttpRequest request, ByteFeed.Patience patience)
      throws WireFault, InterruptedException {
    long nanos = patience.left();
    if (nanos <= 0) {
      throw WireFault.of(FaultKind.UNREACHABLE, "the call's time was over before it began");
    }
    CompletableFuture<HttpResponse<ByteFeed>> head =
        client.sendAsync(request, answer -> new ByteFeed());
    try {
      return head.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException silent) {
      abandon(head);
      throw patience.over();
    } catch (InterruptedException interrupted) {
      abandon(head);
      throw interrupted;
    } catch (ExecutionException failed) {
      throw fault(failed.getCause() == null ? failed : failed.getCause());
    }
  }

  /** Closes the connection, also of an answer whose head comes at this very moment. */
  private static void abandon(CompletableFuture<HttpResponse<ByteFeed>> head) {
    if (!head.cancel(true) && !head.isCompletedExceptionally()) {
      head.join().body().close();
    }
  }

  private static WireFault fault(Throwable cause) {
    return switch (cause) {
      case HttpConnectTimeoutException late ->
          WireFault.of(FaultKind.UNREACHABLE, "no connection in time");
      case ConnectException refused -> WireFault.of(FaultKind.UNREACHABLE, "no connection");
      case SSLException insecure ->
          WireFault.of(FaultKind.UNREACHABLE, "no secure connection: " + words(insecure));
      case ProtocolException odd -> WireFault.malformed("the answer is no HTTP");
      case IOException broken ->
          WireFault.of(FaultKind.CONNECTION_BROKEN, "the connection broke before the answer");
      default ->
          WireFault.of(FaultKind.CONNECTION_BROKEN, "the client failed: " + cause.getClass());
    };
  }

  private static String words(Throwable cause) {
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  /** Ends every call that is under way. */
  @Override
  public void close() {
    client.shutdownNow();
  }
}
