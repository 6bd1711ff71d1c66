package dev.capstan.server.house;

import org.apache.juli.logging.Log;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Tomcat says, in the house's own log; Tomcat finds it as a service. */
public final class TomcatLog implements Log {
  private final Logger logger;

  /** For the service loader, which asks a made one for its class. */
  public TomcatLog() {
    this("org.apache.tomcat");
  }

  public TomcatLog(String name) {
    this.logger = LoggerFactory.getLogger(name);
  }

  @Override
  public boolean isDebugEnabled() {
    return logger.isDebugEnabled();
  }

  @Override
  public boolean isErrorEnabled() {
    return logger.isErrorEnabled();
  }

  @Override
  public boolean isFatalEnabled() {
    return logger.isErrorEnabled();
  }

  @Override
  public boolean isInfoEnabled() {
    return logger.isInfoEnabled();
  }

  @Override
  public boolean isTraceEnabled() {
    return logger.isTraceEnabled();
  }

  @Override
  public boolean isWarnEnabled() {
    return logger.isWarnEnabled();
  }

  @Override
  public void trace(Object message) {
    logger.trace("{}", message);
  }

  @Override
  public void trace(Object message, Throwable thrown) {
    logger.trace(String.valueOf(message), thrown);
  }

  @Override
  public void debug(Object message) {
    logger.debug("{}", message);
  }

  @Override
  public void debug(Object message, Throwable thrown) {
    logger.debug(String.valueOf(message), thrown);
  }

  @Override
  public void info(Object message) {
    logger.info("{}", message);
  }

  @Override
  public void info(Object message, Throwable thrown) {
    logger.info(String.valueOf(message), thrown);
  }

  @Override
  public void warn(Object message) {
    logger.warn("{}", message);
  }

  @Override
  public void warn(Object message, Throwable thrown) {
    logger.warn(String.valueOf(message), thrown);
  }

  @Override
  public void error(Object message) {
    logger.error("{}", message);
  }

  @Override
  public void error(Object message, Throwable thrown) {
    logger.error(String.valueOf(message), thrown);
  }

  @Override
  public void fatal(Object message) {
    logger.error("{}", message);
  }

  @Override
  public void fatal(Object message, Throwable thrown) {
    logger.error(String.valueOf(message), thrown);
  }
}
