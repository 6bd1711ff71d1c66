package dev.capstan.postgres;

import dev.capstan.kernel.TenantId;
import dev.capstan.tools.todo.Todo;
import dev.capstan.tools.todo.TodoChange;
import dev.capstan.tools.todo.TodoFilter;
import dev.capstan.tools.todo.TodoPage;
import dev.capstan.tools.todo.TodoStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Todos in PostgreSQL. A deleted todo stays as a row that only its keys can reach. Every verb may
 * be asked twice, so each asks until it is answered: that the database is away delays a step and
 * never fails it.
 */
public final class PgTodos implements TodoStore {
  private static final String COLUMNS = "tenant, id, text, done, created_at, updated_at";

  private static final String BY_KEY =
      "select " + COLUMNS + " from todo where tenant = ? and add_key = ?";

  /** Locks the tenant's counter, so that one key adds once however many ask at a time. */
  private static final String LOCK =
      "insert into todo_count (tenant, last_id) values (?, 0)"
          + " on conflict (tenant) do update set last_id = todo_count.last_id";

  private static final String COUNT =
      "update todo_count set last_id = last_id + 1 where tenant = ? returning last_id";

  private static final String ADD =
      "insert into todo (tenant, id, text, done, created_at, updated_at, add_key)"
          + " values (?, ?, ?, false, ?, ?, ?) returning "
          + COLUMNS;

  private static final String FIND =
      "select " + COLUMNS + " from todo where tenant = ? and id = ? and delete_key is null";

  private static final String LIST =
      "select "
          + COLUMNS
          + " from todo where tenant = ? and id > ? and delete_key is null"
          + " and (?::boolean is null or done = ?::boolean) order by id limit ?";

  private static final String UPDATE =
      "update todo set text = coalesce(?::text, text), done = coalesce(?::boolean, done), updated_at = case when"
          + " text is distinct from coalesce(?::text, text) or done is distinct from coalesce(?::boolean, done)"
          + " then ? else updated_at end where tenant = ? and id = ? and delete_key is null"
          + " returning "
          + COLUMNS;

  private static final String DELETE =
      "update todo set delete_key = ? where tenant = ? and id = ?"
          + " and (delete_key is null or delete_key = ?) returning "
          + COLUMNS;

  private final Database database;

  public PgTodos(Database database) {
    this.database = database;
  }

  @Override
  public Todo add(TenantId tenant, String text, String key, Instant now) {
    Addition wanted = new Addition(tenant, text, kept(key), Entry.micros(now));
    return database
        .asking()
        .untilAnswered(connection -> {
          // What is not committed is rolled back when the pool takes the connection back.
          connection.setAutoCommit(false);
          Todo todo = add(connection, wanted);
          connection.commit();
          return todo;
        });
  }

  private record Addition(TenantId tenant, String text, String key, long now) {}

  private static Todo add(Connection connection, Addition wanted) throws SQLException {
    String tenant = wanted.tenant.value();
    var _ = ask(connection, LOCK, tenant);
    List<Todo> known = ask(connection, BY_KEY, tenant, wanted.key);
    if (!known.isEmpty()) {
      return known.getFirst();
    }
    long id = nextId(connection, tenant);
    return ask(connection, ADD, tenant, id, wanted.text, wanted.now, wanted.now, wanted.key)
        .getFirst();
  }

  private static long nextId(Connection connection, String tenant) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
      statement.setString(1, tenant);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static String kept(String key) {
    return PgText.isPlain(key) ? key : PgText.quoted(key);
  }

  @Override
  public Optional<Todo> find(TenantId tenant, long id) {
    return ask(FIND, tenant.value(), id).stream().findFirst();
  }

  @Override
  public TodoPage list(TenantId tenant, TodoFilter filter) {
    List<Todo> found =
        ask(
            LIST,
            tenant.value(),
            filter.after(),
            new Maybe(filter.done()),
            new Maybe(filter.done()),
            filter.limit() + 1);
    boolean more = found.size() > filter.limit();
    return new TodoPage(more ? found.subList(0, filter.limit()) : found, more);
  }

  @Override
  public Optional<Todo> update(TenantId tenant, long id, TodoChange change, Instant now) {
    Maybe text = new Maybe(change.text());
    Maybe done = new Maybe(change.done());
    return ask(UPDATE, text, done, text, done, Entry.micros(now), tenant.value(), id).stream()
        .findFirst();
  }

  @Override
  public Optional<Todo> delete(TenantId tenant, long id, String key) {
    String kept = kept(key);
    return ask(DELETE, kept, tenant.value(), id, kept).stream().findFirst();
  }

  /** A value that may be absent. */
  private record Maybe(@org.jspecify.annotations.Nullable Object value) {}

  private List<Todo> ask(String sql, Object... values) {
    return database.asking().untilAnswered(connection -> ask(connection, sql, values));
  }

  private static List<Todo> ask(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i] instanceof Maybe maybe ? maybe.value() : values[i]);
      }
      List<Todo> todos = new ArrayList<>();
      if (statement.execute()) {
        try (ResultSet rows = statement.getResultSet()) {
          while (rows.next()) {
            todos.add(read(rows));
          }
        }
      }
      return todos;
    }
  }

  private static Todo read(ResultSet row) throws SQLException {
    return new Todo(
        row.getLong("id"),
        new TenantId(row.getString("tenant")),
        row.getString("text"),
        row.getBoolean("done"),
        Entry.instant(row.getLong("created_at")),
        Entry.instant(row.getLong("updated_at")));
  }
}
