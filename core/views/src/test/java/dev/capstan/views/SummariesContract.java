package dev.capstan.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.journal.Append;
import dev.capstan.journal.Appended;
import dev.capstan.journal.Attachment;
import dev.capstan.journal.Awaited;
import dev.capstan.journal.EventCodec;
import dev.capstan.journal.Failure;
import dev.capstan.journal.Journal;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunStatus;
import dev.capstan.journal.StepRef;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every list of runs does, whatever keeps it. */
@Timeout(60)
public abstract class SummariesContract {
  private static final AtomicLong RUNS = new AtomicLong(1_000);
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123456Z");
  private static final Duration LONG = Duration.ofSeconds(30);

  private static final Attachment PLAN =
      Attachment.of(
          """
          {"name":"release","steps":[{"id":"a","tool":"echo"},
           {"id":"b","tool":"echo","depends_on":["a"]}, {"id":"c","approval":"fine?"}]}\
          """);

  protected Journal journal;
  protected RunSummaries summaries;
  private TenantId tenant;

  /** Sets {@link #journal} and {@link #summaries}, which follows it. */
  protected abstract void open();

  @BeforeEach
  void open_both() {
    open();
    tenant = new TenantId("t" + RUNS.incrementAndGet());
  }

  private RunId created(String prompt) {
    return created(prompt, null, NOON);
  }

  private RunId created(String prompt, RunEvent.Parent parent, Instant at) {
    RunId run = new RunId(RUNS.incrementAndGet());
    Map<String, Object> fields = new HashMap<>();
    fields.put("tenant", tenant);
    fields.put("owner", 7);
    fields.put("prompt", prompt);
    fields.put("inputs", Map.of());
    fields.put("priority", 5);
    fields.put("parent", parent);
    RunEvent planned = new RunEvent.PlanGenerated(PLAN.hash(), "given", "release", 3);
    RunEvent created = EventCodec.decode("run_created", Json.write(fields));
    Append begin = new Append(run, 1, at, List.of(created, planned), List.of(PLAN));
    assertThat(journal.append(begin).join()).isEqualTo(Appended.DURABLE);
    return run;
  }

  private static RunEvent completed(String step) {
    return EventCodec.decode(
        "step_completed",
        "{\"step\":\"" + step + "\",\"attempt\":1,\"started_at\":\"" + NOON + "\",\"output\":1}");
  }

  private void write(RunId run, int seq, Instant at, RunEvent... events) {
    CompletableFuture<Appended> done =
        journal.append(new Append(run, seq, at, List.of(events), List.of()));
    assertThat(done.join()).isEqualTo(Appended.DURABLE);
  }

  private RunSummary summary(RunId run) {
    assertThat(summaries.settle(LONG)).isTrue();
    return summaries.find(run).orElseThrow();
  }

  private List<RunId> listed(RunFilter filter) {
    assertThat(summaries.settle(LONG)).isTrue();
    return summaries.list(filter, null, 100).items().stream().map(RunSummary::run).toList();
  }

  @Test
  void a_run_is_listed_as_it_goes_on() {
    RunId run = created("add 2 and 3");
    assertThat(summary(run))
        .isEqualTo(
            new RunSummary(
                run,
                tenant,
                RunStatus.PENDING,
                "release",
                "add 2 and 3",
                5,
                NOON,
                null,
                null,
                2,
                7,
                3,
                0,
                0,
                null,
                null,
                null));

    write(run, 3, NOON.plusSeconds(1), new RunEvent.ExecutionStart());
    assertThat(summary(run).status()).isEqualTo(RunStatus.RUNNING);
    assertThat(summary(run).startedAt()).isEqualTo(NOON.plusSeconds(1));
    assertThat(summary(run).stepsTotal()).isEqualTo(3);

    write(run, 4, NOON.plusSeconds(2), new RunEvent.RunPaused("ada", null));
    assertThat(summary(run).status()).isEqualTo(RunStatus.PAUSED);
    write(run, 5, NOON.plusSeconds(3), new RunEvent.RunClaimed(9), new RunEvent.RunResumed("ada"));
    assertThat(summary(run).owner()).isEqualTo(9);
    write(run, 7, NOON, completed("a"), completed("b"));
    StepRef approval = StepRef.of("c");
    write(run, 9, NOON, new RunEvent.StepWaiting(approval, new Awaited.Approval("fine?", null)));
    assertThat(summary(run).status()).isEqualTo(RunStatus.WAITING);
    assertThat(summary(run).stepsDone()).isEqualTo(2);

    write(
        run,
        10,
        NOON.plusSeconds(4),
        new RunEvent.ApprovalGiven(approval, true, "ada", null),
        new RunEvent.RunCompleted(Map.of(), List.of()));
    RunSummary ended = summary(run);
    assertThat(ended.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(ended.endedAt()).isEqualTo(NOON.plusSeconds(4));
    assertThat(ended.stepsDone()).isEqualTo(3);
    assertThat(ended.seq()).isEqualTo(11);
  }

  @Test
  void ends_have_their_own_status() {
    RunId failed = created("f");
    Failure why = Failure.of(ProblemCode.TOOL_FAILED, "x".repeat(1_500));
    write(failed, 3, NOON, new RunEvent.RunFailed(null, why, List.of(), List.of()));
    assertThat(summary(failed).status()).isEqualTo(RunStatus.FAILED);
    assertThat(summary(failed).failure().code()).isEqualTo("tool_failed");
    assertThat(summary(failed).failure().detail()).hasSizeBetween(100, 500);

    RunId cancelled = created("c");
    write(cancelled, 3, NOON, new RunEvent.CancelRequested("ada", null));
    assertThat(summary(cancelled).status()).isEqualTo(RunStatus.CANCELLING);
    write(cancelled, 4, NOON, new RunEvent.RunCancelled("ada", List.of(), List.of()));
    assertThat(summary(cancelled).status()).isEqualTo(RunStatus.CANCELLED);

    RunId partly = created("p");
    write(partly, 3, NOON, new RunEvent.RunCompleted(Map.of(), List.of(StepRef.of("a"))));
    assertThat(summary(partly).status()).isEqualTo(RunStatus.COMPLETED_PARTIALLY);
  }

  @Test
  void a_filter_lets_through_what_fits_all_of_it() {
    RunId milk = created("buy MILK");
    RunId percent = created("100% sure_");
    RunId child = created("child", new RunEvent.Parent(milk, StepRef.of("s"), 0), NOON);
    RunId late = created("late", null, NOON.plusSeconds(100));
    write(milk, 3, NOON, new RunEvent.RunCompleted(Map.of(), List.of()));

    assertThat(listed(RunFilter.all(tenant))).containsExactly(late, child, percent, milk);
    assertThat(listed(RunFilter.all(new TenantId("nobody")))).isEmpty();
    assertThat(listed(filter(Set.of(RunStatus.COMPLETED, RunStatus.FAILED), null, null, null)))
        .containsExactly(milk);
    assertThat(listed(filter(Set.of(), "milk", null, null))).containsExactly(milk);
    assertThat(listed(filter(Set.of(), "0% s", null, null))).containsExactly(percent);
    assertThat(listed(filter(Set.of(), "_", null, null))).containsExactly(percent);
    assertThat(listed(filter(Set.of(), null, NOON.plusSeconds(100), null))).containsExactly(late);
    assertThat(listed(filter(Set.of(), null, null, NOON.plusSeconds(100))))
        .containsExactly(child, percent, milk);
    assertThat(listed(new RunFilter(tenant, Set.of(), null, null, null, milk)))
        .containsExactly(child);
  }

  private RunFilter filter(Set<RunStatus> statuses, String text, Instant after, Instant before) {
    return new RunFilter(tenant, statuses, text, after, before, null);
  }

  @Test
  void pages_follow_each_other_without_gap_or_repetition() {
    List<RunId> all = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      all.addFirst(created("run " + i));
    }
    assertThat(summaries.settle(LONG)).isTrue();
    List<RunId> seen = new ArrayList<>();
    String cursor = null;
    do {
      Page<RunSummary> page = summaries.list(RunFilter.all(tenant), cursor, 10);
      page.items().forEach(item -> seen.add(item.run()));
      cursor = page.next();
    } while (cursor != null);
    assertThat(seen).isEqualTo(all);
  }

  @Test
  void a_cursor_that_was_never_given_out_is_refused() {
    for (String cursor : List.of("x", "%%%", "cnVuczw", "'; drop table run_view; --")) {
      assertThatThrownBy(() -> summaries.list(RunFilter.all(tenant), cursor, 10))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("invalid_request");
    }
  }

  @Test
  void prompts_are_shortened_and_may_hold_anything() {
    String odd = "nul \0 half \ud83d " + "\ud83d\ude00".repeat(150);
    RunSummary summary = summary(created(odd));
    assertThat(summary.prompt()).hasSizeLessThanOrEqualTo(RunSummary.LONGEST_PROMPT);
    assertThat(summary.prompt()).startsWith("nul ").contains("\ud83d\ude00").doesNotContain("\0");
  }

  @Test
  void an_unknown_run_is_not_found() {
    assertThat(summaries.find(new RunId(Long.MAX_VALUE))).isEmpty();
  }
}
