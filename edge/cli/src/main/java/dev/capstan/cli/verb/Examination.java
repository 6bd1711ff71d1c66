package dev.capstan.cli.verb;

import dev.capstan.cli.api.Home;
import dev.capstan.cli.api.Server;
import dev.capstan.cli.api.Unreachable;
import dev.capstan.cli.picture.Checkup.Finding;
import dev.capstan.cli.picture.Checkup.Verdict;
import dev.capstan.kernel.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The questions that the doctor asks, one method each. */
final class Examination {
  private static final long LITTLE_DISK = 1L << 30;
  private static final long NO_DISK = 100L << 20;

  private final Home home;
  private final Server server;
  private final List<Finding> findings = new ArrayList<>();

  Examination(Home home, Server server) {
    this.home = home;
    this.server = server;
  }

  List<Finding> findings() {
    java();
    dataFolder();
    disk();
    database();
    boolean up = server();
    if (up) {
      retention();
    }
    process(up);
    port(up);
    return List.copyOf(findings);
  }

  private void java() {
    int feature = Runtime.version().feature();
    String detail = "JDK " + Runtime.version() + " at " + System.getProperty("java.home");
    if (feature == 25) {
      good("JDK", detail);
    } else {
      bad("JDK", detail, "install a JDK 25 (for example Temurin) or set JAVA_HOME to one");
    }
  }

  private void dataFolder() {
    Path folder = home.folder();
    if (!Files.exists(folder)) {
      note("data folder", folder + " is not there yet", "./capstan up makes it");
    } else if (!Files.isWritable(folder)) {
      bad(
          "data folder",
          folder + " cannot be written",
          "give it to yourself, or set CAPSTAN_HOME to another folder");
    } else {
      good("data folder", folder.toString());
    }
  }

  private void disk() {
    Path folder = home.folder();
    while (folder != null && !Files.exists(folder)) {
      folder = folder.getParent();
    }
    if (folder == null) {
      return;
    }
    try {
      long free = Files.getFileStore(folder).getUsableSpace();
      String detail = (free >> 20) + " MiB free";
      if (free < NO_DISK) {
        bad(
            "disk",
            detail,
            "make room: the journal stops when the disk is full, and goes on when it is not");
      } else if (free < LITTLE_DISK) {
        note("disk", detail, "make room soon");
      } else {
        good("disk", detail);
      }
    } catch (IOException unknown) {
      note("disk", "free space is unknown: " + unknown.getMessage(), "");
    }
  }

  private void database() {
    String own = home.environment().getOrDefault("DATABASE_URL", "");
    if (!own.isEmpty()) {
      good("PostgreSQL", "yours, by DATABASE_URL");
      return;
    }
    String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (machine.equals("Linux amd64")) {
      good("PostgreSQL", "embedded; data in " + home.data());
    } else {
      bad(
          "PostgreSQL",
          "no embedded one for " + machine,
          "set DATABASE_URL to a PostgreSQL 15 or newer");
    }
  }

  private boolean server() {
    try {
      JsonNode health = server.get("/health");
      String status = health.path("status").asString("");
      String detail =
          server.url() + " is " + status + ", version " + health.path("version").asString("");
      if (status.equals("healthy")) {
        good("server", detail);
      } else {
        note("server", detail + ": " + reason(health), "capstan status says more");
      }
      return true;
    } catch (Unreachable down) {
      note("server", "nobody answers at " + server.url(), "start it with ./capstan up");
      return false;
    } catch (Refusal refused) {
      bad("server", refused.problem().detail(), "see " + home.log());
      return true;
    }
  }

  private void retention() {
    try {
      JsonNode keeping = server.get("/status").path("keeping");
      String retention = keeping.path("retention").asString("");
      String weeks = keeping.path("weeks").asInt(0) + " weeks of runs have tables";
      JsonNode held = keeping.path("held").path(0);
      if (!held.isMissingNode()) {
        note("retention", held.asString(""), "end what goes on, or leave it");
      } else if (retention.equals("forever")) {
        good("retention", "for ever; " + weeks + "; CAPSTAN_RETENTION=90d would drop older ones");
      } else if (!retention.isEmpty()) {
        good("retention", retention + "; " + weeks);
      }
    } catch (Unreachable | Refusal gone) {
      note("retention", "unknown: " + gone.getMessage(), "");
    }
  }

  private static String reason(JsonNode health) {
    return health.path("reasons").path(0).path("detail").asString("no reason given");
  }

  private void process(boolean up) {
    Optional<JsonNode> card = home.serverCard();
    long pid = card.map(found -> found.path("pid").asLong(0)).orElse(0L);
    boolean alive = pid > 0 && ProcessHandle.of(pid).isPresent();
    if (up && alive) {
      good("process", "pid " + pid + ", log " + home.log());
    } else if (alive) {
      bad(
          "process",
          "pid " + pid + " runs and does not answer",
          "see " + home.log() + ", then ./capstan down");
    } else if (card.isPresent()) {
      note(
          "process",
          "the server's last process (pid " + pid + ") ended without a word",
          "./capstan up goes on where it was");
    }
  }

  private void port(boolean up) {
    if (up) {
      return;
    }
    @Nullable Integer port = portNumber();
    if (port == null) {
      bad(
          "port",
          "CAPSTAN_PORT is '" + home.port() + "', no port",
          "set it to a number from 1 to 65535");
      return;
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      bad("port", port + " is taken by another program", "stop that one, or set CAPSTAN_PORT");
    } catch (IOException free) {
      good("port", port + " is free");
    }
  }

  private @Nullable Integer portNumber() {
    try {
      int port = Integer.parseInt(home.port());
      return port > 0 && port < 65_536 ? Integer.valueOf(port) : null;
    } catch (NumberFormatException noNumber) {
      return null;
    }
  }

  private void good(String subject, String detail) {
    findings.add(new Finding(Verdict.GOOD, subject, detail, ""));
  }

  private void note(String subject, String detail, String remedy) {
    findings.add(new Finding(Verdict.NOTE, subject, detail, remedy));
  }

  private void bad(String subject, String detail, String remedy) {
    findings.add(new Finding(Verdict.BAD, subject, detail, remedy));
  }
}
