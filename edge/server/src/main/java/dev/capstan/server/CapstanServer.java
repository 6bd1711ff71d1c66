package dev.capstan.server;

import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.postgres.embedded.FolderInUse;
import dev.capstan.server.settings.Settings;
import dev.capstan.server.store.Time;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** Starts the server and stays until it is told to stop. */
public final class CapstanServer {
  private static final Logger LOG = LoggerFactory.getLogger(CapstanServer.class);

  private CapstanServer() {}

  public static void main(String[] arguments) {
    try {
      Settings settings = Settings.read(System.getenv());
      var context = start(settings, realTime());
      LOG.info(
          "ready on port {}",
          context.getWebServer() == null ? 0 : context.getWebServer().getPort());
    } catch (RuntimeException failed) {
      Problem problem = expected(failed);
      if (problem == null) {
        LOG.error("Capstan cannot start", failed);
      } else {
        LOG.error("Capstan cannot start: {}", problem.detail());
        for (Mistake mistake : problem.mistakes()) {
          LOG.error("  {}", mistake);
        }
      }
      System.exit(problem == null ? 70 : problem.code().exitCode());
    }
  }

  private static @Nullable Problem expected(Throwable failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case Refusal refusal -> {
          return refusal.problem();
        }
        case FolderInUse inUse -> {
          return Problem.of(ProblemCode.UNAVAILABLE, String.valueOf(inUse.getMessage()));
        }
        case PortInUseException port -> {
          return Problem.of(
              ProblemCode.UNAVAILABLE,
              "port " + port.getPort() + " is in use: stop whoever uses it, or set CAPSTAN_PORT");
        }
        default -> {}
      }
    }
    return null;
  }

  /** Time as it passes: nobody else reads a clock. */
  static Time realTime() {
    return new Time(Clock.systemUTC(), System::nanoTime, Thread::sleep);
  }

  /** Starts a server; close the context to stop it in order. */
  static ServletWebServerApplicationContext start(Settings settings, Time time) {
    Logging.configure(settings.monitoring().logLevel());
    SpringApplication application = new SpringApplication(Composition.class);
    application.setWebApplicationType(WebApplicationType.SERVLET);
    application.setBannerMode(Banner.Mode.OFF);
    application.setLogStartupInfo(false);
    application.setAddCommandLineProperties(false);
    application.setRegisterShutdownHook(true);
    application.addInitializers(context -> {
      GenericApplicationContext beans = (GenericApplicationContext) context;
      beans.registerBean(Settings.class, () -> settings);
      beans.registerBean(Time.class, () -> time);
    });
    return (ServletWebServerApplicationContext) application.run();
  }
}
