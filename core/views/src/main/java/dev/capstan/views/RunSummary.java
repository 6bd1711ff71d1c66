package dev.capstan.views;

import dev.capstan.journal.Failure;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.journal.RunStatus;
import dev.capstan.journal.StepState;
import dev.capstan.journal.StepStatus;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run in a line of a list.
 *
 * @param name the plan's; empty before there is a plan
 * @param prompt the beginning of what a person asked for
 * @param seq the last event that is folded in
 * @param stepsTotal how many steps the plan has; items of a list are not counted
 * @param stepsDone how many completed or were skipped
 * @param failure why it failed, when it did; its detail may be shortened
 */
public record RunSummary(
    RunId run,
    TenantId tenant,
    RunStatus status,
    String name,
    @Nullable String prompt,
    int priority,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    int seq,
    long owner,
    int stepsTotal,
    int stepsDone,
    int stepsFailed,
    @Nullable Failure failure,
    @Nullable RunId parent,
    @Nullable RunId forkedFrom) {
  /** Longest prompt in a summary, in characters. */
  public static final int LONGEST_PROMPT = 200;

  private static final int LONGEST_DETAIL = 400;

  /** The state in a line. It must have a {@code run_created}. */
  public static RunSummary of(RunState state) {
    RunEvent.RunCreated created = state.created();
    int done = 0;
    int failed = 0;
    List<StepState> steps = state.hasPlan() ? state.steps() : List.of();
    for (StepState step : steps) {
      StepStatus status = step.status();
      if (status == StepStatus.COMPLETED || status == StepStatus.SKIPPED) {
        done++;
      } else if (status == StepStatus.FAILED) {
        failed++;
      }
    }
    return new RunSummary(
        state.run(),
        created.tenant(),
        state.status(),
        state.hasPlan() ? state.generated().name() : "",
        created.prompt() == null ? null : shortened(created.prompt(), LONGEST_PROMPT),
        created.priority(),
        state.createdAt(),
        state.startedAt(),
        state.endedAt(),
        state.seq(),
        state.owner(),
        steps.size(),
        done,
        failed,
        state.terminal() instanceof RunEvent.RunFailed end ? shortened(end.failure()) : null,
        created.parent() == null ? null : created.parent().run(),
        created.forkedFrom() == null ? null : created.forkedFrom().run());
  }

  private static Failure shortened(Failure failure) {
    return new Failure(failure.code(), shortened(failure.detail(), LONGEST_DETAIL));
  }

  /** Cuts without halving a surrogate pair, and drops what no store can hold. */
  private static String shortened(String text, int longest) {
    int end = Math.min(text.length(), longest);
    if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    StringBuilder kept = new StringBuilder(end);
    text.substring(0, end)
        .codePoints()
        .map(letter -> letter == 0 || isHalfPair(letter) ? '\ufffd' : letter)
        .forEach(kept::appendCodePoint);
    return kept.toString();
  }

  private static boolean isHalfPair(int letter) {
    return letter >= Character.MIN_SURROGATE && letter <= Character.MAX_SURROGATE;
  }
}
