package dev.capstan.agents.agent;

import dev.capstan.agents.memory.Forgetting;
import dev.capstan.agents.memory.Memory;
import dev.capstan.agents.memory.MemoryGroup;
import dev.capstan.agents.memory.Query;
import dev.capstan.agents.memory.Recalled;
import dev.capstan.agents.memory.Remembered;
import dev.capstan.agents.memory.Writing;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.tools.Tools;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tools by which a model uses the memory of its agent's group, and of no other. */
final class MemoryTools {
  static final List<String> NAMES = List.of("remember", "recall", "forget");
  private static final int USUAL_RECALL = 5;

  /**
   * @param importance 0 to 1; 0.5 when absent
   */
  record Remember(String text, @Nullable BigDecimal importance) {}

  record Kept(String id) {}

  /**
   * @param limit 1 to 100; 5 when absent
   */
  record Recall(String query, @Nullable Integer limit) {}

  record Memories(List<Shown> memories) {}

  record Shown(String id, String text, String at, double importance, BigDecimal relevance) {}

  record Forget(String id) {}

  record Forgotten(int forgotten) {}

  private MemoryTools() {}

  static List<Tool> of(Memory memory, MemoryGroup group, InstantSource clock) {
    return List.of(
        Tools.idempotent(
            "remember",
            "Keeps something for later work: a fact, a decision, a lesson. One thing at a time, in"
                + " a sentence that is understood without this conversation. importance is 0 to 1.",
            Remember.class,
            Kept.class,
            (wish, call) ->
                new Kept(memory.write(group, writing(wish, call), clock.instant()).id())),
        Tools.idempotent(
            "recall",
            "Looks up what was remembered in earlier work, by words and by meaning, the most"
                + " relevant first.",
            Recall.class,
            Memories.class,
            (wish, call) -> {
              int limit = wish.limit() == null ? USUAL_RECALL : wish.limit();
              return shown(memory.recall(group, new Query(wish.query(), limit), clock.instant()));
            }),
        Tools.idempotent(
            "forget",
            "Forgets a memory that is wrong or out of date, by the id that recall told.",
            Forget.class,
            Forgotten.class,
            (wish, call) -> new Forgotten(memory.forget(group, new Forgetting.One(wish.id())))));
  }

  private static Writing writing(Remember wish, ToolCall call) {
    double importance = wish.importance() == null ? Writing.USUAL : wish.importance().doubleValue();
    return new Writing(call.idempotencyKey(), wish.text(), importance, source(null, call));
  }

  /** Where a memory came from. */
  static Map<String, String> source(@Nullable String agent, ToolCall call) {
    Map<String, String> source =
        new TreeMap<>(Map.of("run", call.run().toString(), "step", call.step().toString()));
    if (agent != null) {
      source.put("agent", Notes.shortened(agent, 200));
    }
    return source;
  }

  private static Memories shown(List<Recalled> recalled) {
    return new Memories(
        recalled.stream()
            .map(found -> {
              Remembered memory = found.memory();
              return new Shown(
                  memory.id(),
                  memory.text(),
                  memory.at().toString(),
                  memory.importance(),
                  BigDecimal.valueOf(found.relevance()).setScale(2, RoundingMode.HALF_UP));
            })
            .toList());
  }
}
