package dev.capstan.cli.api;

/** Nobody answers at the server's address, or the connection broke. */
public final class Unreachable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Unreachable(String url, String reason) {
    super("the server at " + url + " is not reachable (" + reason + ")", null, false, false);
  }
}
