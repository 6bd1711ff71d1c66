package dev.capstan.server.cases;

/** Nobody answers where the server should be. */
final class Unreachable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** As the command line has it. */
  static final int EXIT_CODE = 7;

  Unreachable(String url, Throwable cause) {
    super("the server at " + url + " is not reachable", cause);
  }
}
