package dev.capstan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A server of ours that is up, and every process of its PostgreSQL, as Linux sees them.
 *
 * @param server the JVM's pid
 * @param postmaster the pid of PostgreSQL's first process
 */
record Family(long server, long postmaster) {
  private static final long TICK_NANOS = 10_000_000;

  /** Megabytes (2^20), each shared page counted once among those who share it. */
  record Memory(double server, double database) {
    double all() {
      return server + database;
    }
  }

  /** Of the server whose CAPSTAN_HOME this is. */
  static Family of(Path home) throws IOException {
    String card = Files.readString(home.resolve("server.json"));
    String pid = card.replaceAll("(?s).*\"pid\"\\s*:\\s*(\\d+).*", "$1");
    Path postmaster = home.resolve("data").resolve("cluster").resolve("postmaster.pid");
    return new Family(
        Long.parseLong(pid), Long.parseLong(Files.readAllLines(postmaster).getFirst().strip()));
  }

  Memory memory() throws IOException {
    double database = 0;
    for (long pid : databasePids()) {
      database += megabytes(pid);
    }
    return new Memory(megabytes(server), database);
  }

  /** Nanoseconds that the JVM has used. */
  long serverCpu() throws IOException {
    String[] fields = stat(server);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_NANOS;
  }

  private List<Long> databasePids() throws IOException {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .map(process -> process.getFileName().toString())
          .filter(name -> name.chars().allMatch(Character::isDigit))
          .map(Long::parseLong)
          .filter(pid -> pid == postmaster || parent(pid) == postmaster)
          .toList();
    }
  }

  private static long parent(long pid) {
    try {
      return Long.parseLong(stat(pid)[1]);
    } catch (IOException gone) {
      return 0;
    }
  }

  /** What follows the name, which may hold anything. */
  private static String[] stat(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
  }

  private static double megabytes(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps_rollup"))) {
      if (line.startsWith("Pss:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    throw new IOException("the memory of process " + pid + " is not told");
  }
}
