package dev.capstan.server.live;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import dev.capstan.server.http.Answer;
import dev.capstan.server.http.Exchange;
import dev.capstan.server.runs.RunReader;
import dev.capstan.views.LiveEvents;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.Map;

/** {@code GET /runs/{id}/ws}: the same stream, as WebSocket frames. */
public final class WebSocketDesk {
  private final RunReader runs;
  private final LiveEvents live;
  private final Closing closing;

  public WebSocketDesk(RunReader runs, LiveEvents live, Closing closing) {
    this.runs = runs;
    this.live = live;
    this.closing = closing;
  }

  public Answer open(Exchange exchange) throws IOException {
    RunId run = exchange.run();
    int after = exchange.query("after", 0, 0, Integer.MAX_VALUE);
    runs.require(exchange.tenant(), run);
    if (!"websocket".equalsIgnoreCase(exchange.request().getHeader("Upgrade"))) {
      throw Problem.of(
              ProblemCode.INVALID_REQUEST,
              "this address is a WebSocket; events has the same as SSE")
          .refusal();
    }
    ServerEndpointConfig config =
        ServerEndpointConfig.Builder.create(RunSocket.class, exchange.request().getRequestURI())
            .configurator(
                new ServerEndpointConfig.Configurator() {
                  @Override
                  @SuppressWarnings("unchecked")
                  public <T> T getEndpointInstance(Class<T> type) {
                    Endpoint socket = new RunSocket(live, closing, run, after);
                    return (T) socket;
                  }
                })
            .build();
    try {
      container(exchange)
          .upgradeHttpToWebSocket(exchange.request(), exchange.response(), config, Map.of());
    } catch (DeploymentException broken) {
      throw new IllegalStateException("the socket cannot be opened", broken);
    }
    return new Answer.Taken();
  }

  private static ServerContainer container(Exchange exchange) {
    return (ServerContainer)
        exchange
            .request()
            .getServletContext()
            .getAttribute("jakarta.websocket.server.ServerContainer");
  }
}
