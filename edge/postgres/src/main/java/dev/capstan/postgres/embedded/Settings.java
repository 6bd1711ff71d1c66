package dev.capstan.postgres.embedded;

import java.util.ArrayList;
import java.util.List;

/** How the server is set: durable, small, silent when idle. Given at each start, so never stale. */
final class Settings {
  private static final List<String> ALWAYS =
      List.of(
          // What is acknowledged is on disk.
          "fsync=on",
          "synchronous_commit=on",
          "full_page_writes=on",
          // Reached by password on the loopback only.
          "listen_addresses=127.0.0.1",
          "unix_socket_directories=",
          // Small: one program uses it.
          "shared_buffers=48MB",
          "max_connections=30",
          // Who asks about all of the journal locks a table and an index for each week that is
          // kept.
          "max_locks_per_transaction=256",
          "io_method=sync",
          "autovacuum_worker_slots=1",
          "autovacuum_max_workers=1",
          "max_worker_processes=1",
          "max_parallel_workers=0",
          // Else plans count on workers that never come.
          "max_parallel_workers_per_gather=0",
          "max_logical_replication_workers=0",
          "max_replication_slots=0",
          "jit=off",
          "huge_pages=off",
          "update_process_title=off",
          // Nobody replicates it, so the log need not carry what a replica would need.
          "wal_level=minimal",
          "max_wal_senders=0",
          // Checkpoints are rare and spread out, so few full pages are logged. These binaries have
          // no lz4, and pglz costs more time than the few pages it would shrink.
          "checkpoint_timeout=15min",
          "max_wal_size=4GB",
          "min_wal_size=256MB",
          "wal_compression=off",
          "autovacuum_naptime=2min",
          // Statements and rows may hold people's words: they stay out of the log.
          "log_min_messages=warning",
          "log_min_error_statement=panic",
          "log_error_verbosity=terse",
          "log_checkpoints=off",
          "lc_messages=C",
          "idle_in_transaction_session_timeout=60s");

  private Settings() {}

  static List<String> arguments(int port) {
    List<String> arguments = new ArrayList<>();
    for (String setting : ALWAYS) {
      arguments.add("-c");
      arguments.add(setting);
    }
    arguments.add("-c");
    arguments.add("port=" + port);
    return arguments;
  }
}
