package dev.capstan.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every journal does. An implementation extends this and says how to open one. */
@Timeout(60)
public abstract class JournalContract {
  /** Runs' numbers never repeat in a test JVM, so that tests may share a store. */
  private static final AtomicLong RUNS = new AtomicLong(1_000);

  protected static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123456Z");

  protected Journal journal;

  /** A journal that is open and that the test closes. */
  protected abstract Journal open();

  @BeforeEach
  void open_the_journal() {
    journal = open();
  }

  @AfterEach
  void close_the_journal() {
    journal.close();
  }

  protected static RunId newRun() {
    return new RunId(RUNS.incrementAndGet());
  }

  protected static RunEvent created() {
    return new RunEvent.RunCreated(
        TenantId.LOCAL, 7, "a prompt", Json.object().put("n", 1), 0, null, null, null);
  }

  protected static RunEvent paused(String by) {
    return new RunEvent.RunPaused(by, null);
  }

  protected static Append append(RunId run, int firstSeq, RunEvent... events) {
    return new Append(run, firstSeq, NOON, List.of(events), List.of());
  }

  protected Appended write(RunId run, int firstSeq, RunEvent... events) {
    return await(journal.append(append(run, firstSeq, events)));
  }

  protected static <T> T await(Future<T> future) {
    try {
      return future.get(50, TimeUnit.SECONDS);
    } catch (Exception failed) {
      throw new AssertionError("it did not complete", failed);
    }
  }

  @Test
  void what_was_appended_is_read_as_it_was() {
    RunId run = newRun();
    RunEvent output =
        new RunEvent.StepCompleted(StepRef.of("a"), 1, NOON, Json.parse("{\"sum\":1.50}"));

    List<Instant> times = List.of(NOON, NOON.plusNanos(1_000));
    List<RunEvent> begin = List.of(created(), new RunEvent.ExecutionStart());
    assertThat(await(journal.append(new Append(run, 1, times, begin, List.of()))))
        .isEqualTo(Appended.DURABLE);
    assertThat(write(run, 3, output)).isEqualTo(Appended.DURABLE);

    assertThat(journal.read(run, 0, 100))
        .containsExactly(
            new Recorded(run, 1, NOON, created()),
            new Recorded(run, 2, times.getLast(), new RunEvent.ExecutionStart()),
            new Recorded(run, 3, NOON, output));
  }

  @Test
  void reading_goes_page_by_page() {
    RunId run = newRun();
    RunEvent[] events = new RunEvent[25];
    java.util.Arrays.setAll(events, i -> paused("p" + i));
    write(run, 1, events);

    List<Integer> seen = new ArrayList<>();
    List<Recorded> page = journal.read(run, 0, 10);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(10);
      page.forEach(event -> seen.add(event.seq()));
      page = journal.read(run, page.getLast().seq(), 10);
    }
    assertThat(seen).hasSize(25).isSorted().startsWith(1).endsWith(25);
    assertThat(journal.read(run, 25, 10)).isEmpty();
    assertThat(journal.read(newRun(), 0, 10)).isEmpty();
  }

  @Test
  void many_runs_are_read_at_once() {
    RunId one = newRun();
    RunId two = newRun();
    write(one, 1, created(), paused("x"));
    write(two, 1, created());

    Map<RunId, List<Recorded>> found = journal.readAll(List.of(one, two, newRun()));

    assertThat(found).containsOnlyKeys(one, two);
    assertThat(found.get(one)).extracting(Recorded::seq).containsExactly(1, 2);
    assertThat(found.get(two)).extracting(Recorded::seq).containsExactly(1);
  }

  @Test
  void whoever_holds_the_first_place_fences_the_other() {
    RunId run = newRun();
    write(run, 1, created());
    assertThat(write(run, 2, paused("first"))).isEqualTo(Appended.DURABLE);

    assertThat(write(run, 2, paused("second"), paused("third"))).isEqualTo(Appended.FENCED);

    assertThat(journal.read(run, 1, 10))
        .extracting(Recorded::event)
        .containsExactly(paused("first"));
  }

  @Test
  void an_append_of_which_one_place_is_taken_leaves_nothing() {
    RunId run = newRun();
    write(run, 1, created(), paused("2"), paused("3"));

    assertThat(write(run, 3, paused("other"), paused("4"), paused("5"))).isEqualTo(Appended.FENCED);

    assertThat(journal.read(run, 0, 10)).extracting(Recorded::seq).containsExactly(1, 2, 3);
  }

  @Test
  void a_fenced_writer_that_reads_again_may_go_on() {
    RunId run = newRun();
    write(run, 1, created());
    write(run, 2, paused("other"));
    assertThat(write(run, 2, paused("late"))).isEqualTo(Appended.FENCED);
    assertThat(write(run, 3, new RunEvent.RunClaimed(8))).isEqualTo(Appended.DURABLE);
    assertThat(journal.read(run, 0, 10)).hasSize(3);
  }

  @Test
  void what_would_leave_a_gap_is_fenced_and_so_is_what_follows_it() {
    RunId run = newRun();
    assertThat(write(run, 2, paused("nothing before"))).isEqualTo(Appended.FENCED);
    assertThat(write(run, 1, created())).isEqualTo(Appended.DURABLE);
    CompletableFuture<Appended> after = journal.append(append(run, 3, paused("two is missing")));
    CompletableFuture<Appended> last = journal.append(append(run, 4, paused("and so on")));
    assertThat(await(after)).isEqualTo(Appended.FENCED);
    assertThat(await(last)).isEqualTo(Appended.FENCED);
    assertThat(write(run, 2, paused("in its place"))).isEqualTo(Appended.DURABLE);
    assertThat(journal.read(run, 0, 9)).extracting(Recorded::seq).containsExactly(1, 2);
    Journal other = sameStore();
    assertThat(await(other.append(append(run, 4, paused("gap"))))).isEqualTo(Appended.FENCED);
    assertThat(await(other.append(append(run, 3, paused("on"))))).isEqualTo(Appended.DURABLE);
    assertThat(write(run, 4, paused("back again"))).isEqualTo(Appended.DURABLE);
    if (!other.equals(journal)) {
      other.close();
    }
  }

  @Test
  void a_fenced_append_does_not_hold_up_the_others() {
    RunId taken = newRun();
    write(taken, 1, created());
    List<CompletableFuture<Appended>> all = new ArrayList<>();
    List<RunId> runs = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      RunId run = i % 10 == 0 ? taken : newRun();
      runs.add(run);
      all.add(journal.append(append(run, 1, created())));
    }
    for (int i = 0; i < all.size(); i++) {
      assertThat(await(all.get(i)))
          .isEqualTo(runs.get(i).equals(taken) ? Appended.FENCED : Appended.DURABLE);
    }
    assertThat(journal.read(taken, 0, 10)).hasSize(1);
  }

  @Test
  void appends_of_one_run_need_not_wait_for_each_other() {
    RunId run = newRun();
    List<CompletableFuture<Appended>> all = new ArrayList<>();
    for (int seq = 1; seq <= 500; seq++) {
      all.add(journal.append(append(run, seq, paused("p" + seq))));
    }
    all.forEach(done -> assertThat(await(done)).isEqualTo(Appended.DURABLE));
    assertThat(journal.read(run, 0, 1_000)).hasSize(500);
  }

  @Test
  void of_many_writers_of_one_place_one_wins() throws Exception {
    RunId run = newRun();
    write(run, 1, created());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int seq = 2; seq < 12; seq++) {
        int place = seq;
        List<Future<Appended>> racers = new ArrayList<>();
        for (int racer = 0; racer < 8; racer++) {
          RunEvent event = paused("racer " + racer);
          racers.add(threads.submit(() -> write(run, place, event)));
        }
        List<Appended> ends = new ArrayList<>();
        for (Future<Appended> racer : racers) {
          ends.add(await(racer));
        }
        assertThat(Collections.frequency(ends, Appended.DURABLE)).isEqualTo(1);
      }
    }
    assertThat(journal.read(run, 0, 100)).hasSize(11);
  }

  @Test
  void many_writers_of_many_runs_lose_nothing() throws Exception {
    int writers = 32;
    int events = 40;
    List<RunId> runs = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        RunId run = newRun();
        runs.add(run);
        all.add(
            threads.submit(() -> {
              for (int seq = 1; seq <= events; seq++) {
                assertThat(write(run, seq, paused("p" + seq))).isEqualTo(Appended.DURABLE);
              }
            }));
      }
      all.forEach(JournalContract::await);
    }
    Map<RunId, List<Recorded>> found = journal.readAll(runs);
    assertThat(found).hasSize(writers);
    found.values().forEach(list -> assertThat(list).hasSize(events));
  }

  @Test
  void an_attachment_is_there_when_its_events_are() {
    RunId run = newRun();
    Attachment plan = Attachment.of("{\"steps\":[]} of " + run);
    RunEvent planned = new RunEvent.PlanGenerated(plan.hash(), "given", "p", 0);
    await(journal.append(new Append(run, 1, NOON, List.of(created(), planned), List.of(plan))));

    assertThat(journal.attachment(plan.hash())).isEqualTo(plan.text());
    RunId again = newRun();
    await(journal.append(new Append(again, 1, NOON, List.of(created(), planned), List.of(plan))));
    assertThat(journal.attachment(plan.hash())).isEqualTo(plan.text());
  }

  @Test
  void an_unknown_attachment_is_refused() {
    assertThatThrownBy(() -> journal.attachment("nothing-has-this-hash"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("not_found");
  }

  @Test
  void attachments_may_hold_any_text() {
    for (String text :
        List.of("", "nul \0 nul", "half \ud83d pair", "\ud83d\ude00 ☃ \\u0000 \n\t")) {
      RunId run = newRun();
      Attachment odd = Attachment.of(text + run);
      await(journal.append(new Append(run, 1, NOON, List.of(created()), List.of(odd))));
      assertThat(journal.attachment(odd.hash())).isEqualTo(odd.text());
    }
  }

  @Test
  void events_may_hold_any_string() {
    for (String text :
        List.of(
            "",
            "nul \0 nul",
            "half \ud83d pair",
            "\udc00",
            "\ud83d\ude00 ☃",
            "\\N {\"a\",NULL}\t\r\n")) {
      RunId run = newRun();
      RunEvent odd =
          new RunEvent.SignalReceived("s", Json.object().set("t", Json.text(text)), text);
      assertThat(write(run, 1, odd)).isEqualTo(Appended.DURABLE);
      assertThat(journal.read(run, 0, 1).getFirst().event()).isEqualTo(odd);
    }
  }

  @Test
  void events_may_be_large() {
    for (int length : List.of(4_000, 4_096, 5_000, 100_000, 3_000_000)) {
      RunId run = newRun();
      RunEvent large =
          new RunEvent.SignalReceived("s", Json.text("ab☃d".repeat(length / 4)), "x" + run);
      assertThat(write(run, 1, created(), large, paused("after"))).isEqualTo(Appended.DURABLE);
      assertThat(journal.read(run, 0, 9))
          .extracting(Recorded::event)
          .containsExactly(created(), large, paused("after"));
      assertThat(journal.readAll(List.of(run)).get(run)).hasSize(3);
    }
  }

  @Test
  void followers_see_durable_events_in_order_before_the_acknowledgement() {
    List<Recorded> seen = Collections.synchronizedList(new ArrayList<>());
    journal.follow(seen::addAll);
    RunId run = newRun();
    for (int seq = 1; seq <= 50; seq++) {
      int place = seq;
      RunEvent event = paused("p" + seq);
      journal
          .append(append(run, seq, event))
          .thenAccept(end -> assertThat(seen).contains(new Recorded(run, place, NOON, event)))
          .join();
    }
    RunId other = newRun();
    write(other, 1, created());
    assertThat(write(other, 1, paused("fenced"))).isEqualTo(Appended.FENCED);

    assertThat(seen.stream().filter(event -> event.run().equals(run)).map(Recorded::seq))
        .hasSize(50)
        .isSorted();
    assertThat(seen).extracting(Recorded::event).doesNotContain(paused("fenced"));
  }

  @Test
  void it_is_healthy() {
    write(newRun(), 1, created());
    assertThat(journal.health()).isInstanceOf(Health.Good.class);
  }

  @Test
  void closing_completes_everything_that_was_handed_over() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    journal.follow(batch -> {
      held.countDown();
      awaitUninterruptibly(release);
    });
    List<RunId> runs = new ArrayList<>();
    List<Future<Appended>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        RunId run = newRun();
        runs.add(run);
        all.add(threads.submit(() -> journal.append(append(run, 1, created())).get()));
      }
      held.await();
      Future<?> closing = threads.submit(() -> journal.close());
      release.countDown();
      await(closing);
      try (Journal again = sameStore()) {
        for (int i = 0; i < all.size(); i++) {
          boolean durable = endOf(all.get(i));
          assertThat(again.read(runs.get(i), 0, 1).isEmpty()).isEqualTo(!durable);
        }
      }
    }
    assertThat(journal.append(append(newRun(), 1, created()))).isCompletedExceptionally();
  }

  /** Another journal on the same store; the same one where a closed journal can still be read. */
  protected abstract Journal sameStore();

  private static boolean endOf(Future<Appended> end) throws Exception {
    try {
      return end.get(30, TimeUnit.SECONDS) == Appended.DURABLE;
    } catch (ExecutionException closed) {
      return false;
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
