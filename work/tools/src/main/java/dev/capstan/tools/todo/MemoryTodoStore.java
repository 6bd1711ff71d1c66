package dev.capstan.tools.todo;

import dev.capstan.kernel.TenantId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps todos as long as the process lives: for tests, and for embedding without a database. */
public final class MemoryTodoStore implements TodoStore {
  private final Map<TenantId, Shelf> shelves = new ConcurrentHashMap<>();

  /** One tenant's todos; guarded by itself. */
  private static final class Shelf {
    final TreeMap<Long, Todo> present = new TreeMap<>();
    final Map<Long, Todo> deleted = new HashMap<>();
    final Map<String, Long> addedBy = new HashMap<>();
    final Map<Long, String> deletedBy = new HashMap<>();
    long lastId;
  }

  private Shelf shelf(TenantId tenant) {
    return shelves.computeIfAbsent(tenant, ignored -> new Shelf());
  }

  @Override
  public Todo add(TenantId tenant, String text, String key, Instant now) {
    Shelf shelf = shelf(tenant);
    synchronized (shelf) {
      Long before = shelf.addedBy.get(key);
      if (before != null) {
        Todo present = shelf.present.get(before);
        return present == null ? Objects.requireNonNull(shelf.deleted.get(before)) : present;
      }
      Instant at = now.truncatedTo(ChronoUnit.MICROS);
      Todo added = new Todo(++shelf.lastId, tenant, text, false, at, at);
      shelf.present.put(added.id(), added);
      shelf.addedBy.put(key, added.id());
      return added;
    }
  }

  @Override
  public Optional<Todo> find(TenantId tenant, long id) {
    Shelf shelf = shelf(tenant);
    synchronized (shelf) {
      return Optional.ofNullable(shelf.present.get(id));
    }
  }

  @Override
  public TodoPage list(TenantId tenant, TodoFilter filter) {
    Shelf shelf = shelf(tenant);
    synchronized (shelf) {
      List<Todo> found = new ArrayList<>();
      for (Todo todo : shelf.present.tailMap(filter.after(), false).values()) {
        if (filter.done() != null && filter.done() != todo.done()) {
          continue;
        }
        if (found.size() == filter.limit()) {
          return new TodoPage(found, true);
        }
        found.add(todo);
      }
      return new TodoPage(found, false);
    }
  }

  @Override
  public Optional<Todo> update(TenantId tenant, long id, TodoChange change, Instant now) {
    Shelf shelf = shelf(tenant);
    synchronized (shelf) {
      Todo before = shelf.present.get(id);
      if (before == null) {
        return Optional.empty();
      }
      Todo after =
          new Todo(
              id,
              tenant,
              Objects.requireNonNullElse(change.text(), before.text()),
              Objects.requireNonNullElse(change.done(), before.done()),
              before.createdAt(),
              now.truncatedTo(ChronoUnit.MICROS));
      if (after.text().equals(before.text()) && after.done() == before.done()) {
        return Optional.of(before);
      }
      shelf.present.put(id, after);
      return Optional.of(after);
    }
  }

  @Override
  public Optional<Todo> delete(TenantId tenant, long id, String key) {
    Shelf shelf = shelf(tenant);
    synchronized (shelf) {
      Todo gone = shelf.present.remove(id);
      if (gone != null) {
        shelf.deleted.put(id, gone);
        shelf.deletedBy.put(id, key);
        return Optional.of(gone);
      }
      return key.equals(shelf.deletedBy.get(id))
          ? Optional.ofNullable(shelf.deleted.get(id))
          : Optional.empty();
    }
  }
}
