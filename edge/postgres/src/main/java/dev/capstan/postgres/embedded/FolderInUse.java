package dev.capstan.postgres.embedded;

import java.nio.file.Path;

/** Another process works on this data folder. The message says which. */
public final class FolderInUse extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FolderInUse(Path folder, String pid) {
    super(
        "another Capstan (process "
            + (pid.isEmpty() ? "unknown" : pid)
            + ") works on "
            + folder
            + ": stop it, or set CAPSTAN_HOME to another folder");
  }
}
