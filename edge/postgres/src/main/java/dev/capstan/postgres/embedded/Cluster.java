package dev.capstan.postgres.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The database's files in the data folder. {@code initialized} is written when they are whole: a
 * cluster without it was cut short and is made anew, one with it is never deleted.
 */
record Cluster(Path folder) {
  static final String USER = "capstan";

  /** Makes the cluster, unless it is made already. */
  static Cluster open(Path folder, Binaries binaries, Shell shell) throws IOException {
    Cluster cluster = new Cluster(folder);
    if (!Files.exists(cluster.marker())) {
      Folders.delete(cluster.files());
      Folders.write(cluster.passwordFile(), newPassword());
      shell.run(
          binaries.command(
              "initdb",
              "--pgdata=" + cluster.files(),
              "--username=" + USER,
              "--pwfile=" + cluster.passwordFile(),
              "--auth=scram-sha-256",
              "--encoding=UTF8",
              "--locale-provider=builtin",
              "--locale=C.UTF-8",
              "--no-instructions",
              // The password is 192 random bits: stretching it would cost every connection 5 ms.
              "--set=scram_iterations=64",
              "--set=timezone=UTC",
              "--set=log_timezone=UTC"));
      Folders.write(cluster.marker(), binaries.folder().getFileName() + "\n");
    }
    return cluster;
  }

  private static String newPassword() {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  Path files() {
    return folder.resolve("cluster");
  }

  Path log() {
    return folder.resolve("postgres.log");
  }

  Path pidFile() {
    return files().resolve("postmaster.pid");
  }

  private Path marker() {
    return folder.resolve("initialized");
  }

  private Path passwordFile() {
    return folder.resolve("password");
  }

  String password() throws IOException {
    return Files.readString(passwordFile()).strip();
  }

  /** The port of last time when it is still free, else any free one; noted for next time. */
  int choosePort() throws IOException {
    Path noted = folder.resolve("port");
    int last = Files.exists(noted) ? Integer.parseInt(Files.readString(noted).strip()) : 0;
    int port = last > 0 && isFree(last) ? last : anyFree();
    if (port != last) {
      Folders.write(noted, port + "\n");
    }
    return port;
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  private static int anyFree() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
