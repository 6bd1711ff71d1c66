package dev.capstan.server.runs;

import dev.capstan.journal.RunStatus;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.server.http.Answer;
import dev.capstan.server.http.Exchange;
import dev.capstan.views.Page;
import dev.capstan.views.RunFilter;
import dev.capstan.views.RunSummaries;
import dev.capstan.views.RunSummary;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code GET /runs}: newest first, with whatever was acknowledged before it was asked for. */
public final class RunLists {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int LONGEST_TEXT = 200;

  private final RunSummaries summaries;

  public RunLists(RunSummaries summaries) {
    this.summaries = summaries;
  }

  public Answer list(Exchange exchange) {
    String text = exchange.query("text").orElse(null);
    if (text != null && text.length() > LONGEST_TEXT) {
      throw invalid("text is longer than " + LONGEST_TEXT + " characters");
    }
    RunFilter filter =
        new RunFilter(
            exchange.tenant(),
            statuses(exchange.query("status").orElse("")),
            text,
            instant(exchange, "created_after"),
            instant(exchange, "created_before"),
            exchange.query("parent").map(RunId::parse).orElse(null));
    int limit = exchange.query("limit", 50, 1, 200);
    // When the views lag behind, an answer that is a moment old beats none.
    boolean _ = summaries.settle(PATIENCE);
    Page<RunSummary> page = summaries.list(filter, exchange.query("after").orElse(null), limit);
    return Answer.ok(new Page<>(page.items().stream().map(RunLine::of).toList(), page.next()));
  }

  private static Set<RunStatus> statuses(String text) {
    Set<RunStatus> statuses = EnumSet.noneOf(RunStatus.class);
    for (String name : text.split(",", -1)) {
      if (!name.isBlank()) {
        statuses.add(status(name.strip()));
      }
    }
    return statuses;
  }

  private static RunStatus status(String name) {
    return Arrays.stream(RunStatus.values())
        .filter(status -> status.wireName().equals(name))
        .findFirst()
        .orElseThrow(() ->
            invalid(
                "no status is called so; there are "
                    + Arrays.toString(RunStatus.values()).toLowerCase(Locale.ROOT)));
  }

  private static @Nullable Instant instant(Exchange exchange, String name) {
    String text = exchange.query(name).orElse(null);
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException broken) {
      throw invalid(name + " is an instant such as 2026-01-31T12:00:00Z");
    }
  }

  private static Refusal invalid(String detail) {
    return Problem.of(ProblemCode.INVALID_REQUEST, detail).refusal();
  }
}
