package dev.capstan.server;

import dev.capstan.server.settings.Settings;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;

/**
 * Says that the server is there once it answers, and takes that back first of all when it stops;
 * then ends the streams, so that the web server need not wait for their readers.
 */
final class Presence implements SmartLifecycle, ApplicationListener<WebServerInitializedEvent> {
  private final Settings settings;
  private final InstantSource clock;
  private final Household household;
  private volatile @Nullable ServerCard card;
  private volatile boolean running;

  Presence(Settings settings, InstantSource clock, Household household) {
    this.settings = settings;
    this.clock = clock;
    this.household = household;
  }

  @Override
  public void onApplicationEvent(WebServerInitializedEvent event) {
    WebServerApplicationContext context = event.getApplicationContext();
    int port = context.getWebServer() == null ? 0 : context.getWebServer().getPort();
    card =
        ServerCard.write(
            settings.home(), settings.door().bind().getHostAddress(), port, clock.instant());
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    ServerCard written = card;
    if (written != null) {
      written.close();
    }
    household.endStreams();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** The highest phase stops first. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
