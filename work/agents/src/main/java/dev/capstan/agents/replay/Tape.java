package dev.capstan.agents.replay;

import dev.capstan.engine.step.Outcome;
import dev.capstan.kernel.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A recording that is being played: each answer is given once, to the question that it was recorded
 * for, or, where only their order is known, to the next question of the same step. What was asked
 * and what nobody recorded is written down. Serves any number of threads.
 */
public final class Tape {
  /** Beyond so many, how they differ is not worked out: they follow from the first. */
  private static final int COMPARED = 10;

  private final List<RecordedAnswer> answers;
  private final List<RecordedResult> results;
  private final List<RecordedAnswer> answered = new ArrayList<>();
  private final List<RecordedResult> called = new ArrayList<>();
  private final List<Miss> misses = new ArrayList<>();
  private final Map<String, Integer> attempts = new HashMap<>();
  private final Recording whole;

  public Tape(Recording recording) {
    this.whole = recording;
    this.answers = new ArrayList<>(recording.answers());
    this.results = new ArrayList<>(recording.results());
  }

  /** Another attempt at an agent's step begins: how earlier ones failed is over. */
  synchronized void begin(String step) {
    int attempt = attempts.merge(step, 1, Integer::sum);
    answers.removeIf(answer ->
        answer.step().equals(step)
            && answer.said() instanceof RecordedAnswer.Fell
            && answer.attempt() < attempt);
  }

  /** What the model said to this; empty, and a {@link Miss}, when nobody recorded it. */
  synchronized Optional<RecordedAnswer.Said> answer(String step, Asked asked) {
    Predicate<RecordedAnswer> fits =
        answer ->
            answer.step().equals(step)
                && (answer.asked() == null
                    ? answer.agent() == null || answer.agent().equals(asked.agent())
                    : answer.asked().equals(asked));
    Optional<RecordedAnswer> found = answers.stream().filter(fits).findFirst();
    if (found.isEmpty()) {
      misses.add(miss(step, asked));
      return Optional.empty();
    }
    answers.remove(found.get());
    answered.add(found.get().to(asked));
    return Optional.of(found.get().said());
  }

  private Miss miss(String step, Asked asked) {
    String what =
        "step "
            + step
            + (asked.agent().isEmpty() ? "" : ", agent " + asked.agent())
            + ", turn "
            + asked.turn()
            + " asked the model something that nobody recorded an answer to";
    if (misses.size() >= COMPARED) {
      return new Miss(what, null, List.of());
    }
    Comparator<RecordedAnswer> byLikeness =
        Comparator.comparing((RecordedAnswer answer) -> !answer.step().equals(step))
            .thenComparing(answer -> turn(answer) != asked.turn())
            .thenComparingInt(answer -> LineDiff.distance(text(answer), asked.text()));
    RecordedAnswer near =
        whole.answers().stream()
            .filter(answer -> answer.asked() != null)
            .min(byLikeness)
            .orElse(null);
    if (near == null) {
      return new Miss(what, null, asked.text().lines().map(line -> "+ " + line).limit(40).toList());
    }
    String nearest = "answer " + (whole.answers().indexOf(near) + 1) + " of step " + near.step();
    List<String> lines = LineDiff.of(text(near), asked.text());
    if (near.step().equals(step) && asked.equals(near.asked())) {
      return new Miss(what + " another time", nearest + ", which was given already", lines);
    }
    return new Miss(what, lines.isEmpty() ? nearest + heading(near) : nearest, lines);
  }

  /** Where the words are the same, it is something else that differs. */
  private static String heading(RecordedAnswer near) {
    Asked asked = near.asked();
    return asked == null
        ? ""
        : ", the same words asked by agent " + asked.agent() + " in turn " + asked.turn();
  }

  private static String text(RecordedAnswer answer) {
    return answer.asked() == null ? "" : answer.asked().text();
  }

  private static int turn(RecordedAnswer answer) {
    return answer.asked() == null ? 0 : answer.asked().turn();
  }

  /**
   * What came of this call; empty when nobody recorded it.
   *
   * @param call what it is known by; empty for a step's own call
   */
  synchronized Optional<Outcome> result(String step, String call, String tool, JsonNode input) {
    Sought sought = Sought.of(call);
    Predicate<RecordedResult> fits =
        result ->
            result.step().equals(step)
                && result.tool().equals(tool)
                && (result.input() == null
                    ? sought.likeness(result).isEnough()
                    : sought.likeness(result) != Sought.Likeness.NEVER
                        && isSame(result.input(), input));
    Optional<RecordedResult> found =
        results.stream().filter(fits).min(Comparator.comparing(sought::likeness));
    found.ifPresent(result -> {
      results.remove(result);
      called.add(result.of(input));
    });
    return found.map(RecordedResult::outcome);
  }

  /** However the numbers in them came to be. */
  private static boolean isSame(JsonNode one, JsonNode other) {
    return one.equals(other) || Json.parse(Json.write(one)).equals(Json.parse(Json.write(other)));
  }

  /** A call that needed no recording was made: it is written down as if it had one. */
  synchronized void called(RecordedResult result) {
    called.add(result);
  }

  /** Nobody recorded what comes of this call. */
  synchronized void missed(String step, String tool, JsonNode input) {
    String what = "step " + step + " called " + tool + " in a way that nobody recorded a result of";
    if (misses.size() >= COMPARED) {
      misses.add(new Miss(what, null, List.of()));
      return;
    }
    String now = Json.pretty(input);
    RecordedResult near =
        whole.results().stream()
            .filter(result -> result.tool().equals(tool) && result.input() != null)
            .min(
                Comparator.comparing((RecordedResult result) -> !result.step().equals(step))
                    .thenComparingInt(result -> LineDiff.distance(shown(result.input()), now)))
            .orElse(null);
    if (near == null) {
      misses.add(new Miss(what, null, now.lines().map(line -> "+ " + line).limit(40).toList()));
      return;
    }
    String nearest = "result " + (whole.results().indexOf(near) + 1) + " of step " + near.step();
    List<String> lines = LineDiff.of(shown(near.input()), now);
    misses.add(
        lines.isEmpty() && near.step().equals(step)
            ? new Miss(what + " another time", nearest + ", which was given already", lines)
            : new Miss(
                what, lines.isEmpty() ? nearest + ", which was given the same" : nearest, lines));
  }

  private static String shown(@Nullable JsonNode input) {
    return input == null ? "" : Json.pretty(input);
  }

  /** Whether anything was recorded of this tool. */
  boolean knows(String tool) {
    return whole.results().stream().anyMatch(result -> result.tool().equals(tool));
  }

  /** What was given so far, each with the question that it answered, in order. */
  public synchronized Recording played() {
    return new Recording(answered, called, whole.notes());
  }

  /** What an agent had kept beside its turns. */
  List<RecordedNote> notes(String step) {
    return whole.notes().stream().filter(note -> note.step().equals(step)).toList();
  }

  /** What was asked and not recorded, in order. */
  public synchronized List<Miss> misses() {
    return List.copyOf(misses);
  }
}
