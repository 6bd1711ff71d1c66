package dev.capstan.server;

import dev.capstan.server.drill.Lessons;
import dev.capstan.server.drill.Vendor;
import dev.capstan.server.settings.Settings;
import dev.capstan.server.store.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.web.server.WebServer;

/**
 * The last part of a build: starts the server on a folder of its own, puts it through its {@link
 * Lessons} and stops it, while the JVM writes down what it learned for every later start.
 */
final class Drill {
  private static final int CROWD = 200;
  private static final Duration LONGEST = Duration.ofSeconds(4);

  private Drill() {}

  /** {@code FOLDER}: an empty one, to be thrown away. */
  static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]);
    Time time = CapstanServer.realTime();
    try (Vendor vendor = Vendor.open()) {
      vendor.configure(home);
      Map<String, String> environment =
          Map.of("CAPSTAN_HOME", home.toString(), "CAPSTAN_PORT", "0");
      try (var context = CapstanServer.start(Settings.read(environment), time)) {
        WebServer door = Objects.requireNonNull(context.getWebServer());
        try (Lessons lessons = new Lessons(door.getPort(), time)) {
          lessons.play(home, CROWD, LONGEST);
        }
      }
    }
    System.exit(0);
  }
}
