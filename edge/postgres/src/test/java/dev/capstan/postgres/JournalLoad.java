package dev.capstan.postgres;

import com.sun.management.OperatingSystemMXBean;
import dev.capstan.journal.Append;
import dev.capstan.journal.EventCodec;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.RunIds;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Prints what the journal takes and costs: {@code JournalLoad [seconds]}. A program, not a test:
 * its figures are those of the machine at that moment.
 */
final class JournalLoad {
  private static final int[] CALLERS = {1, 16, 64, 256, 1_024, 4_096};
  private static final int EVENTS_OF_A_RUN = 6;

  private JournalLoad() {}

  public static void main(String[] arguments) throws Exception {
    int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
    Path home = TestHomes.make();
    try (Database database = Database.embedded(home)) {
      for (int round = 0; round < 2; round++) {
        for (int callers : CALLERS) {
          measure(database, callers, round == 0 ? 1 : seconds, round > 0);
        }
      }
    }
  }

  private static void measure(Database database, int callers, int seconds, boolean print)
      throws Exception {
    LongAdder events = new LongAdder();
    LongAdder batches = new LongAdder();
    PgJournal journal =
        PgJournal.open(
            database, InstantSource.system(), System::nanoTime, batch -> batches.increment());
    RunIds ids = new RunIds(InstantSource.system(), System.nanoTime());
    long postgres = postgresMicros(database);
    long wal = walBytes(database);
    long ours = processMicros();
    long began = System.nanoTime();
    long until = began + seconds * 1_000_000_000L;
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      threads.add(Thread.startVirtualThread(() -> load(journal, ids, until, events)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    double took = (System.nanoTime() - began) / 1e9;
    double count = events.sum();
    if (print) {
      System.out.printf(
          java.util.Locale.ROOT,
          "%5d callers: %8.0f events/s, batch %6.1f, CPU/event ours %5.2f us postgres %5.2f us,"
              + " WAL/event %4.0f B%n",
          callers,
          count / took,
          count / batches.sum(),
          (processMicros() - ours) / count,
          (postgresMicros(database) - postgres) / count,
          (walBytes(database) - wal) / count);
    }
    journal.close();
  }

  private static void load(PgJournal journal, RunIds ids, long until, LongAdder events) {
    while (System.nanoTime() < until) {
      RunId run = ids.next();
      for (int seq = 1; seq <= EVENTS_OF_A_RUN; seq++) {
        journal.append(new Append(run, seq, Instant.EPOCH, List.of(event(seq)), List.of())).join();
        events.increment();
      }
    }
  }

  private static final RunEvent COMPLETED =
      EventCodec.decode(
          "step_completed",
          "{\"step\":\"multiply\",\"attempt\":1,\"started_at\":\"2026-11-21T12:00:00.123456Z\","
              + "\"output\":{\"result\":50}}");

  private static RunEvent event(int seq) {
    return seq == 1 ? new RunEvent.ExecutionStart() : COMPLETED;
  }

  private static long processMicros() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1_000;
  }

  private static long walBytes(Database database) {
    return TestServer.number(
        database, "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')");
  }

  /** Of the server and all of its processes. */
  private static long postgresMicros(Database database) throws Exception {
    long server = database.server().pid();
    long ticks = 0;
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process :
          processes.filter(path -> path.getFileName().toString().matches("\\d+")).toList()) {
        try {
          String stat = Files.readString(process.resolve("stat"));
          String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
          boolean isIt = process.getFileName().toString().equals(Long.toString(server));
          if (isIt || fields[1].equals(Long.toString(server))) {
            ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
            // What has ended is counted with the server.
            ticks += isIt ? Long.parseLong(fields[13]) + Long.parseLong(fields[14]) : 0;
          }
        } catch (java.io.IOException ended) {
          assert ended != null : "it ended while we looked";
        }
      }
    }
    return ticks * 10_000;
  }
}
