package dev.capstan.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.postgres.embedded.EmbeddedPostgres;
import dev.capstan.tools.todo.Todo;
import dev.capstan.tools.todo.TodoFilter;
import dev.capstan.views.RunFilter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What those who ask by way of the pool notice of a server that comes and goes: nothing. */
@Timeout(120)
class OutageIT {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final TenantId ADA = new TenantId("ada");
  private static Path home;
  private static EmbeddedPostgres server;
  private final CountDownLatch never = new CountDownLatch(1);

  @BeforeAll
  static void start() {
    home = TestHomes.make();
    server = EmbeddedPostgres.start(home);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Database open() {
    return Database.at(
        new DatabaseAddress(server.jdbcUrl("postgres"), server.user(), server.password()));
  }

  /** Ends every session but the one that says so. */
  private static long cutAll(Database database) {
    return TestServer.number(
        database,
        "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            + " where backend_type = 'client backend' and pid <> pg_backend_pid()");
  }

  /** Fills the pool with open connections, so that as many can be lost. */
  private static void fill(Database database) throws SQLException {
    List<Connection> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(database.pool().getConnection());
    }
    for (Connection one : all) {
      one.close();
    }
  }

  @Test
  void sessions_that_are_cut_between_two_calls_are_not_noticed() throws Exception {
    try (Database database = open();
        PgJournal journal =
            PgJournal.open(database, InstantSource.system(), System::nanoTime, batch -> {})) {
      PgTodos todos = new PgTodos(database);
      PgIdempotencyKeys keys = new PgIdempotencyKeys(database);
      PgLeases leases = PgLeases.open(database, journal, InstantSource.system());
      List<Supplier<Object>> calls =
          List.of(
              () -> todos.add(ADA, "cut", "cut", NOON),
              () -> todos.list(ADA, TodoFilter.ALL).todos().size(),
              () -> keys.reserve(ADA, "cut", "h", new RunId(7)).run(),
              () -> leases.expiry(leases.worker()).isPresent(),
              () -> journal.read(new RunId(7), 0, 1));
      List<Object> before = calls.stream().map(Supplier::get).toList();
      for (int call = 0; call < calls.size(); call++) {
        fill(database);
        assertThat(cutAll(database)).isGreaterThanOrEqualTo(8);
        assertThat(calls.get(call).get()).isEqualTo(before.get(call));
      }
      try (PgRunViews views = PgRunViews.open(database, journal, InstantSource.system(), leases)) {
        fill(database);
        long _ = cutAll(database);
        assertThat(views.list(RunFilter.all(ADA), null, 10).items()).isEmpty();
        fill(database);
        long _ = cutAll(database);
        assertThat(views.find(new RunId(7))).isEmpty();
      }
    }
  }

  @Test
  void a_todo_that_is_added_while_the_server_is_away_is_added_once_when_it_is_back()
      throws Exception {
    TenantId tenant = new TenantId("bob");
    try (Database database = open()) {
      PgTodos todos = new PgTodos(database);
      server.close();
      CompletableFuture<Todo> adding =
          CompletableFuture.supplyAsync(() -> todos.add(tenant, "patient", "k", NOON));
      boolean _ = never.await(500, TimeUnit.MILLISECONDS);
      assertThat(adding).isNotDone();
      server = EmbeddedPostgres.start(home);
      Todo added = adding.get(60, TimeUnit.SECONDS);
      assertThat(todos.add(tenant, "patient", "k", NOON)).isEqualTo(added);
      assertThat(todos.list(tenant, TodoFilter.ALL).todos()).containsExactly(added);
    }
  }

  @Test
  void a_server_that_is_killed_and_comes_back_under_load_adds_every_todo_once() throws Exception {
    TenantId tenant = new TenantId("eve");
    int count = 300;
    try (Database database = open()) {
      PgTodos todos = new PgTodos(database);
      CountDownLatch some = new CountDownLatch(count / 3);
      List<CompletableFuture<Void>> adding = new ArrayList<>();
      for (int each = 0; each < 6; each++) {
        int mine = each;
        adding.add(
            CompletableFuture.runAsync(() -> {
              for (int i = mine; i < count; i += 6) {
                var _ = todos.add(tenant, "todo " + i, "k" + i, NOON);
                some.countDown();
              }
            }));
      }
      some.await();
      ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
      for (CompletableFuture<Void> one : adding) {
        one.get(60, TimeUnit.SECONDS);
      }
      assertThat(todos.list(tenant, new TodoFilter(null, 0, TodoFilter.MOST)).todos())
          .extracting(Todo::id)
          .doesNotHaveDuplicates()
          .hasSize(Math.min(count, TodoFilter.MOST));
      assertThat(todos.find(tenant, count)).isPresent();
      assertThat(todos.find(tenant, count + 1)).isEmpty();
    }
  }

  @Test
  void whoever_waits_for_the_server_can_be_interrupted_and_is_let_go_at_the_end() throws Exception {
    Database database = open();
    PgTodos todos = new PgTodos(database);
    server.close();
    try {
      AtomicReference<Problem> told = new AtomicReference<>();
      Thread waiting =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  var _ = todos.add(ADA, "interrupted", "i", NOON);
                } catch (Refusal refusal) {
                  told.set(refusal.problem());
                }
              });
      assertThat(waiting.join(java.time.Duration.ofMillis(300))).isFalse();
      waiting.interrupt();
      assertThat(waiting.join(java.time.Duration.ofSeconds(10))).isTrue();
      assertThat(told.get().code()).isEqualTo(ProblemCode.CANCELLED);

      CompletableFuture<Todo> adding =
          CompletableFuture.supplyAsync(() -> todos.add(ADA, "closed", "c", NOON));
      boolean _ = never.await(300, TimeUnit.MILLISECONDS);
      database.close();
      assertThatThrownBy(() -> adding.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(Refusal.class)
          .hasMessageContaining("stopping");
    } finally {
      server = EmbeddedPostgres.start(home);
    }
  }
}
