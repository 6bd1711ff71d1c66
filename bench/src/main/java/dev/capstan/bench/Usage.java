package dev.capstan.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.capstan.postgres.Database;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.stream.Stream;

/**
 * What has been used up so far.
 *
 * @param ourCpu nanoseconds of this process
 * @param serverCpu nanoseconds of every PostgreSQL process of the database's server
 * @param commits transactions of the database in question
 * @param wal bytes of write-ahead log
 */
record Usage(long nanos, long ourCpu, long serverCpu, long commits, long wal) {
  /** The database that the embedded server keeps for us. */
  static final String OURS = "postgres";

  private static final long TICK = 10_000_000;

  private static final String ASK =
      """
      select (string_to_array(pg_read_file('postmaster.pid'), E'\\n'))[1]::int,
             (select xact_commit + xact_rollback from pg_stat_database where datname = ?),
             pg_current_wal_insert_lsn() - '0/0'::pg_lsn
      """;

  static Usage now(Database database, String counted) throws SQLException {
    try (Connection connection = database.pool().getConnection();
        PreparedStatement statement = connection.prepareStatement(ASK)) {
      statement.setString(1, counted);
      ResultSet row = statement.executeQuery();
      row.next();
      long ours =
          ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
              .getProcessCpuTime();
      return new Usage(
          System.nanoTime(), ours, cpuOfFamily(row.getInt(1)), row.getLong(2), row.getLong(3));
    }
  }

  private static long cpuOfFamily(int postmaster) {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(process -> process.getFileName().toString().chars().allMatch(Character::isDigit))
          .mapToLong(process -> cpu(process, postmaster))
          .sum();
    } catch (IOException unreadable) {
      throw new IllegalStateException("the CPU time of PostgreSQL is read from /proc", unreadable);
    }
  }

  /** The time of the process and its dead children, if it is the postmaster or a child of it. */
  private static long cpu(Path process, int postmaster) {
    try {
      String stat = Files.readString(process.resolve("stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      boolean itself = process.getFileName().toString().equals(Integer.toString(postmaster));
      if (!itself && Integer.parseInt(fields[1]) != postmaster) {
        return 0;
      }
      long dead = itself ? Long.parseLong(fields[13]) + Long.parseLong(fields[14]) : 0;
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12]) + dead) * TICK;
    } catch (IOException gone) {
      return 0;
    }
  }

  Usage since(Usage before) {
    return new Usage(
        nanos - before.nanos,
        ourCpu - before.ourCpu,
        serverCpu - before.serverCpu,
        commits - before.commits,
        wal - before.wal);
  }

  /** Ours and PostgreSQL's, in nanoseconds. */
  long cpu() {
    return ourCpu + serverCpu;
  }

  String perRun(long runs) {
    return "%7.1f µs CPU (%.1f ours + %.1f PostgreSQL)  %.3f commits  %.0f B WAL"
        .formatted(
            (ourCpu + serverCpu) / 1e3 / runs,
            ourCpu / 1e3 / runs,
            serverCpu / 1e3 / runs,
            (double) commits / runs,
            (double) wal / runs);
  }
}
