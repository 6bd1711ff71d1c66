package dev.capstan.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import dev.capstan.server.house.JsonLines;
import org.slf4j.LoggerFactory;

/**
 * One JSON object a line: to the file that the launcher names, which is rolled over before it grows
 * large, or else to standard output.
 */
final class Logging {
  /** The file, as a system property. */
  private static final String FILE = "capstan.log";

  private static final FileSize LARGEST = FileSize.valueOf("10MB");
  private static final int OLD_ONES = 5;

  private Logging() {}

  static void configure(String level) {
    // Spring Boot would otherwise set up its own way of logging.
    System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    JsonLines lines = new JsonLines();
    lines.setContext(context);
    lines.start();
    String file = System.getProperty(FILE, "");
    OutputStreamAppender<ILoggingEvent> appender =
        file.isEmpty() ? new ConsoleAppender<>() : rolling(context, file);
    appender.setContext(context);
    appender.setEncoder(lines);
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(Level.WARN);
    context.getLogger("dev.capstan").setLevel(Level.toLevel(level));
    // Whoever starts the server says why it did not start, once.
    context.getLogger("org.springframework").setLevel(Level.OFF);
    context.getLogger("org.apache").setLevel(Level.ERROR);
  }

  /** For a program whose output is its own: nothing is logged. */
  static void none() {
    ((LoggerContext) LoggerFactory.getILoggerFactory()).reset();
  }

  private static RollingFileAppender<ILoggingEvent> rolling(LoggerContext context, String file) {
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setFile(file);
    FixedWindowRollingPolicy names = new FixedWindowRollingPolicy();
    names.setContext(context);
    names.setParent(appender);
    names.setFileNamePattern(file + ".%i");
    names.setMaxIndex(OLD_ONES);
    names.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
    size.setContext(context);
    size.setMaxFileSize(LARGEST);
    size.setCheckIncrement(Duration.buildBySeconds(1));
    size.start();
    appender.setRollingPolicy(names);
    appender.setTriggeringPolicy(size);
    return appender;
  }
}
