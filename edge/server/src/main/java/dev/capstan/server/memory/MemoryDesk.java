package dev.capstan.server.memory;

import dev.capstan.agents.memory.Forgetting;
import dev.capstan.agents.memory.Memory;
import dev.capstan.agents.memory.MemoryGroup;
import dev.capstan.agents.memory.Query;
import dev.capstan.agents.memory.Recalled;
import dev.capstan.agents.memory.Remembered;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.server.http.Answer;
import dev.capstan.server.http.Exchange;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /memory}: what agents remember, listed, searched and forgotten. */
public final class MemoryDesk {
  private static final int MOST_SKIPPED = 10_000_000;

  private record Groups(List<Memory.Held> items) {}

  private record Shown(
      String id,
      String text,
      double importance,
      Map<String, String> metadata,
      Instant at,
      @Nullable Double relevance,
      @Nullable Double score) {}

  private record Memories(String group, List<Shown> items) {}

  private record Forgotten(int forgotten) {}

  private final Memory memory;
  private final InstantSource clock;

  public MemoryDesk(Memory memory, InstantSource clock) {
    this.memory = memory;
    this.clock = clock;
  }

  /** {@code GET /memory}. */
  public Answer groups(Exchange exchange) {
    return Answer.ok(new Groups(memory.groups(exchange.tenant())));
  }

  /** {@code GET /memory/{group}}: the newest, or what comes to mind of {@code q}. */
  public Answer show(Exchange exchange) {
    MemoryGroup group = group(exchange);
    String query = exchange.query("q").orElse(null);
    int limit = exchange.query("limit", query == null ? 50 : 10, 1, query == null ? 1_000 : 100);
    List<Shown> shown =
        query == null
            ? memory.list(group, exchange.query("skip", 0, 0, MOST_SKIPPED), limit).stream()
                .map(kept -> shown(kept, null))
                .toList()
            : memory.recall(group, new Query(query, limit), clock.instant()).stream()
                .map(found -> shown(found.memory(), found))
                .toList();
    return Answer.ok(new Memories(group.name(), shown));
  }

  private static Shown shown(Remembered kept, @Nullable Recalled found) {
    return new Shown(
        kept.id(),
        kept.text(),
        kept.importance(),
        kept.metadata(),
        kept.at(),
        found == null ? null : rounded(found.relevance()),
        found == null ? null : rounded(found.score()));
  }

  private static double rounded(double figure) {
    return Math.round(figure * 1_000) / 1_000.0;
  }

  /** {@code DELETE /memory/{group}/{id}}. */
  public Answer forgetOne(Exchange exchange) {
    Forgetting one = new Forgetting.One(exchange.path("id"));
    if (memory.forget(group(exchange), one) == 0) {
      throw Problem.of(ProblemCode.NOT_FOUND, "the group has no such memory, or no longer")
          .refusal();
    }
    return Answer.ok(new Forgotten(1));
  }

  /** {@code DELETE /memory/{group}?containing=TEXT} or {@code ?all=true}. */
  public Answer forget(Exchange exchange) {
    String text = exchange.query("containing").orElse(null);
    boolean all = exchange.query("all").filter("true"::equals).isPresent();
    if (all == (text != null)) {
      throw Problem.of(
              ProblemCode.INVALID_REQUEST,
              "say what is to be forgotten: ?containing=TEXT or ?all=true")
          .refusal();
    }
    Forgetting which = text == null ? new Forgetting.All() : new Forgetting.Containing(text);
    return Answer.ok(new Forgotten(memory.forget(group(exchange), which)));
  }

  private static MemoryGroup group(Exchange exchange) {
    return new MemoryGroup(exchange.tenant(), exchange.path("group"));
  }
}
