package dev.capstan.tools.todo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link TodoStore} does; whoever keeps todos extends it. */
public abstract class TodoStoreContract {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123456Z");
  private static final Instant LATER = NOON.plusSeconds(60);

  protected final TenantId ada = new TenantId("ada");
  protected final TenantId bob = new TenantId("bob");

  private TodoStore store;

  /** A store that holds nothing. */
  protected abstract TodoStore emptyStore() throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = emptyStore();
  }

  @Test
  void an_added_todo_is_open_and_can_be_found() {
    Todo added = store.add(ada, "buy milk", "k1", NOON);
    assertThat(added).isEqualTo(new Todo(1, ada, "buy milk", false, NOON, NOON));
    assertThat(store.find(ada, 1)).contains(added);
  }

  @Test
  void times_are_kept_in_microseconds() {
    Todo added = store.add(ada, "buy milk", "k1", NOON.plusNanos(789));
    assertThat(added.createdAt()).isEqualTo(NOON);
    assertThat(store.find(ada, 1)).contains(added);
  }

  @Test
  void ids_count_from_one_in_each_tenant() {
    assertThat(store.add(ada, "a", "k1", NOON).id()).isEqualTo(1);
    assertThat(store.add(ada, "b", "k2", NOON).id()).isEqualTo(2);
    assertThat(store.add(bob, "c", "k1", NOON).id()).isEqualTo(1);
    assertThat(store.add(ada, "d", "k3", NOON).id()).isEqualTo(3);
  }

  @Test
  void an_id_is_never_given_twice() {
    store.add(ada, "a", "k1", NOON);
    store.delete(ada, 1, "k2");
    assertThat(store.add(ada, "b", "k3", NOON).id()).isEqualTo(2);
  }

  @Test
  void the_same_key_adds_once() {
    Todo first = store.add(ada, "buy milk", "k1", NOON);
    assertThat(store.add(ada, "buy milk", "k1", LATER)).isEqualTo(first);
    assertThat(store.list(ada, TodoFilter.ALL).todos()).containsExactly(first);
    assertThat(store.add(ada, "next", "k2", NOON).id()).isEqualTo(2);
  }

  @Test
  void the_same_key_returns_the_todo_as_it_is_now() {
    store.add(ada, "buy milk", "k1", NOON);
    Todo changed = store.update(ada, 1, new TodoChange("buy oats", true), LATER).orElseThrow();
    assertThat(store.add(ada, "buy milk", "k1", LATER)).isEqualTo(changed);
  }

  @Test
  void the_same_key_does_not_bring_a_deleted_todo_back() {
    Todo added = store.add(ada, "buy milk", "k1", NOON);
    store.delete(ada, 1, "k2");
    assertThat(store.add(ada, "buy milk", "k1", LATER)).isEqualTo(added);
    assertThat(store.find(ada, 1)).isEmpty();
    assertThat(store.list(ada, TodoFilter.ALL).todos()).isEmpty();
  }

  @Test
  void text_and_done_change_alone_or_together() {
    store.add(ada, "a", "k1", NOON);
    assertThat(store.update(ada, 1, new TodoChange(null, true), LATER))
        .contains(new Todo(1, ada, "a", true, NOON, LATER));
    assertThat(store.update(ada, 1, new TodoChange("b", null), LATER))
        .contains(new Todo(1, ada, "b", true, NOON, LATER));
    assertThat(store.update(ada, 1, new TodoChange("c", false), LATER))
        .contains(new Todo(1, ada, "c", false, NOON, LATER));
    assertThat(store.find(ada, 1)).contains(new Todo(1, ada, "c", false, NOON, LATER));
  }

  @Test
  void a_change_that_changes_nothing_is_no_change() {
    store.add(ada, "a", "k1", NOON);
    Todo done = store.update(ada, 1, new TodoChange(null, true), NOON).orElseThrow();
    assertThat(store.update(ada, 1, new TodoChange("a", true), LATER)).contains(done);
    assertThat(store.update(ada, 1, new TodoChange(null, null), LATER)).contains(done);
  }

  @Test
  void deleting_returns_what_was_and_the_same_key_says_so_again() {
    Todo added = store.add(ada, "a", "k1", NOON);
    assertThat(store.delete(ada, 1, "d1")).contains(added);
    assertThat(store.delete(ada, 1, "d1")).contains(added);
    assertThat(store.delete(ada, 1, "d2")).isEmpty();
    assertThat(store.find(ada, 1)).isEmpty();
    assertThat(store.update(ada, 1, new TodoChange("b", null), LATER)).isEmpty();
  }

  @Test
  void one_key_may_delete_and_another_step_of_the_same_key_is_about_its_own_id() {
    store.add(ada, "a", "k1", NOON);
    store.add(ada, "b", "k2", NOON);
    store.delete(ada, 1, "d1");
    assertThat(store.delete(ada, 2, "d1").orElseThrow().text()).isEqualTo("b");
    assertThat(store.delete(ada, 1, "d1").orElseThrow().text()).isEqualTo("a");
  }

  @Test
  void what_is_not_there_is_not_found() {
    assertThat(store.find(ada, 1)).isEmpty();
    assertThat(store.find(ada, Long.MAX_VALUE)).isEmpty();
    assertThat(store.update(ada, 7, new TodoChange("b", null), NOON)).isEmpty();
    assertThat(store.delete(ada, 7, "d1")).isEmpty();
  }

  @Test
  void no_tenant_sees_anothers() {
    store.add(ada, "secret", "k1", NOON);
    assertThat(store.find(bob, 1)).isEmpty();
    assertThat(store.list(bob, TodoFilter.ALL).todos()).isEmpty();
    assertThat(store.update(bob, 1, new TodoChange("b", true), NOON)).isEmpty();
    assertThat(store.delete(bob, 1, "k9")).isEmpty();
    assertThat(store.find(ada, 1).orElseThrow().text()).isEqualTo("secret");
  }

  @Test
  void a_list_is_filtered_and_paged_by_id() {
    for (int i = 1; i <= 7; i++) {
      store.add(ada, "todo " + i, "k" + i, NOON);
    }
    store.update(ada, 2, new TodoChange(null, true), LATER);
    store.update(ada, 6, new TodoChange(null, true), LATER);
    assertThat(ids(store.list(ada, new TodoFilter(true, 0, 10)))).containsExactly(2L, 6L);
    TodoPage open = store.list(ada, new TodoFilter(false, 0, 3));
    assertThat(ids(open)).containsExactly(1L, 3L, 4L);
    assertThat(open.more()).isTrue();
    TodoPage rest = store.list(ada, new TodoFilter(false, 4, 3));
    assertThat(ids(rest)).containsExactly(5L, 7L);
    assertThat(rest.more()).isFalse();
    TodoPage exact = store.list(ada, new TodoFilter(null, 0, 7));
    assertThat(exact.todos()).hasSize(7);
    assertThat(exact.more()).isFalse();
  }

  @Test
  void every_text_comes_back_as_it_was() {
    String awkward = "'; drop table todo; -- \\ \" % _ ü 漢 🚀 ${steps.x.output} {{x}}";
    store.add(ada, awkward, "a 'key' with \\ and \uD83D\uDE80", NOON);
    assertThat(store.find(ada, 1).orElseThrow().text()).isEqualTo(awkward);
    String longest = "x".repeat(Todo.LONGEST_TEXT);
    assertThat(store.add(ada, longest, "k".repeat(300), NOON).text()).isEqualTo(longest);
  }

  @Test
  void many_threads_get_an_id_each_and_a_shared_key_one() throws Exception {
    List<Callable<Long>> calls =
        IntStream.range(0, 60)
            .<Callable<Long>>mapToObj(
                i -> () -> store.add(ada, "todo", i % 2 == 0 ? "shared" : "own " + i, NOON).id())
            .toList();
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (Future<Long> done : threads.invokeAll(calls)) {
        assertThat(done.get()).isPositive();
      }
    }
    List<Long> ids = ids(store.list(ada, TodoFilter.ALL));
    assertThat(ids).hasSize(31).doesNotHaveDuplicates();
  }

  private static List<Long> ids(TodoPage page) {
    return page.todos().stream().map(Todo::id).toList();
  }
}
