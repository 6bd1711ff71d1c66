package dev.capstan.server.house;

/** Which Capstan this is. */
public final class Version {
  private Version() {}

  /** As the jar says; {@code dev} outside of one. */
  public static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
