package dev.capstan.postgres.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import org.tukaani.xz.XZInputStream;

/** The server's programs, unpacked from the class path once per build of them. */
record Binaries(Path folder) {
  /** Unpacks what is not unpacked yet, so that a half-unpacked folder is never seen. */
  static Binaries in(Path home) {
    URL archive = archive();
    try {
      URLConnection connection = archive.openConnection();
      long mark =
          connection instanceof JarURLConnection jar
              ? jar.getJarEntry().getCrc()
              : connection.getContentLengthLong();
      Path folder = home.resolve("postgres").resolve(platform() + "-" + Long.toHexString(mark));
      if (!Files.exists(folder)) {
        unpack(connection, folder);
      }
      return new Binaries(folder);
    } catch (IOException broken) {
      throw new UncheckedIOException("cannot unpack PostgreSQL into " + home, broken);
    }
  }

  private static URL archive() {
    String name = "/postgres-" + platform() + ".txz";
    URL archive = Binaries.class.getResource(name);
    if (archive == null) {
      throw new IllegalStateException(
          "this build holds no PostgreSQL for " + platform() + "; give one by DATABASE_URL");
    }
    return archive;
  }

  private static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return (system.startsWith("mac") ? "darwin" : "linux")
        + (processor.equals("aarch64") ? "-arm_64" : "-x86_64");
  }

  private static void unpack(URLConnection connection, Path folder) throws IOException {
    Files.createDirectories(folder.getParent());
    Path fresh = Files.createTempDirectory(folder.getParent(), "unpacking");
    try {
      unpackInto(connection, fresh);
      keep(fresh, folder);
    } finally {
      Folders.delete(fresh);
    }
  }

  private static void unpackInto(URLConnection connection, Path fresh) throws IOException {
    try (InputStream archive =
        new XZInputStream(new BufferedInputStream(connection.getInputStream(), 1 << 16))) {
      Process tar =
          new ProcessBuilder("tar", "-x", "-f", "-", "-C", fresh.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (var into = tar.getOutputStream()) {
        archive.transferTo(into);
      }
      if (tar.waitFor() != 0) {
        throw new IOException("tar failed with " + tar.exitValue());
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while unpacking", stop);
    }
  }

  /** Moves it there, unless another process was faster: what that unpacked is the same. */
  static void keep(Path fresh, Path folder) throws IOException {
    try {
      Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException refused) {
      if (!Files.exists(folder)) {
        throw refused;
      }
    }
  }

  String program(String name) {
    return folder.resolve("bin").resolve(name).toString();
  }

  List<String> command(String name, String... arguments) {
    var command = new java.util.ArrayList<String>();
    command.add(program(name));
    command.addAll(List.of(arguments));
    return command;
  }
}
