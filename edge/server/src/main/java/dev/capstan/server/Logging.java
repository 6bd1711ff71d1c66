package dev.capstan.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import dev.capstan.server.house.JsonLines;
import org.slf4j.LoggerFactory;

/** One JSON object a line, to standard output; the launcher keeps it in the home folder. */
final class Logging {
  private Logging() {}

  static void configure(String level) {
    // Spring Boot would otherwise set up its own way of logging.
    System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    JsonLines lines = new JsonLines();
    lines.setContext(context);
    lines.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setEncoder(lines);
    console.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(console);
    root.setLevel(Level.WARN);
    context.getLogger("dev.capstan").setLevel(Level.toLevel(level));
    // Whoever starts the server says why it did not start, once.
    context.getLogger("org.springframework").setLevel(Level.OFF);
    context.getLogger("org.apache").setLevel(Level.ERROR);
  }
}
