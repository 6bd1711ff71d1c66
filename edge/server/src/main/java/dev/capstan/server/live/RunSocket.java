package dev.capstan.server.live;

import dev.capstan.journal.Recorded;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.RunId;
import dev.capstan.views.EventStream;
import dev.capstan.views.EventView;
import dev.capstan.views.LiveEvents;
import dev.capstan.views.Progress;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** One reader of one run. Its own virtual thread pulls; what the reader sends is ignored. */
final class RunSocket extends Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(RunSocket.class);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final int LONGEST_MESSAGE = 1024;

  private record ProgressFrame(String type, String step, JsonNode progress) {}

  private record EndFrame(String type) {}

  private final LiveEvents live;
  private final Closing closing;
  private final RunId run;
  private final int after;
  private volatile @Nullable EventStream open;

  RunSocket(LiveEvents live, Closing closing, RunId run, int after) {
    this.live = live;
    this.closing = closing;
    this.run = run;
    this.after = after;
  }

  @Override
  public void onOpen(Session session, EndpointConfig config) {
    session.setMaxTextMessageBufferSize(LONGEST_MESSAGE);
    session.setMaxBinaryMessageBufferSize(LONGEST_MESSAGE);
    session.addMessageHandler(
        String.class,
        new MessageHandler.Whole<String>() {
          @Override
          public void onMessage(String ignored) {
            LOG.trace("a reader of {} wrote", run);
          }
        });
    EventStream stream = live.stream(run, after);
    open = stream;
    Thread.ofVirtual().name("socket-" + run).start(() -> pump(session, stream));
  }

  private void pump(Session session, EventStream stream) {
    try (stream;
        var _ = closing.closedWithTheHouse(stream)) {
      RemoteEndpoint.Basic remote = session.getBasicRemote();
      while (!stream.isEnded() && !stream.isClosed()) {
        EventStream.Batch batch = stream.next(HEARTBEAT);
        for (Progress progress : batch.progress()) {
          remote.sendText(
              Json.write(
                  new ProgressFrame("progress", progress.step().toString(), progress.progress())));
        }
        for (Recorded recorded : batch.events()) {
          remote.sendText(Json.write(EventView.of(recorded)));
        }
        if (batch.events().isEmpty() && batch.progress().isEmpty()) {
          remote.sendPing(java.nio.ByteBuffer.allocate(0));
        }
      }
      if (stream.isEnded()) {
        remote.sendText(Json.write(new EndFrame("end")));
      }
      session.close(
          new CloseReason(
              stream.isEnded()
                  ? CloseReason.CloseCodes.NORMAL_CLOSURE
                  : CloseReason.CloseCodes.GOING_AWAY,
              ""));
    } catch (IOException | IllegalStateException gone) {
      LOG.debug("a reader of {} went away: {}", run, gone.getMessage());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onClose(Session session, CloseReason reason) {
    EventStream stream = open;
    if (stream != null) {
      stream.close();
    }
  }

  @Override
  public void onError(Session session, Throwable broken) {
    LOG.debug("the socket of a reader of {} broke: {}", run, broken.toString());
  }
}
