package dev.capstan.server.rehearsal;

import dev.capstan.agents.replay.Miss;
import dev.capstan.engine.Engine;
import dev.capstan.engine.Replay;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunState;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.TenantId;
import dev.capstan.plan.ToolCatalog;
import dev.capstan.server.http.Answer;
import dev.capstan.server.http.Exchange;
import dev.capstan.server.http.Fields;
import dev.capstan.server.runs.RunReader;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds a run against itself: every decision against its journal, and the whole run against a
 * rehearsal from its recorded answers.
 */
public final class ReplayDesk {
  private record Replayed(
      boolean agrees,
      int events,
      int decisions,
      List<Replay.Difference> differences,
      @Nullable Again recorded) {}

  /**
   * What came of the rehearsal.
   *
   * @param impossible why there was none
   * @param answers of models, from the recording
   * @param results of tools, from the recording
   */
  private record Again(
      boolean same,
      @Nullable String impossible,
      int answers,
      int results,
      List<Comparison.Difference> differences,
      List<Miss> misses,
      @Nullable String stuck) {}

  private final Engine engine;
  private final RunReader runs;
  private final ToolCatalog tools;

  public ReplayDesk(Engine engine, RunReader runs, ToolCatalog tools) {
    this.engine = engine;
    this.runs = runs;
    this.tools = tools;
  }

  public Answer replay(Exchange exchange) throws IOException, InterruptedException {
    Fields fields = exchange.optionalFields();
    boolean recorded = fields.bool("recorded", false);
    fields.end();
    List<Recorded> events = runs.events(exchange.tenant(), exchange.run());
    Replay.Verdict verdict = Replay.of(events, engine.plans()::plan, tools);
    RunState state = runs.fold(exchange.run(), events);
    return Answer.ok(
        new Replayed(
            verdict.agrees(),
            verdict.events(),
            verdict.decisions(),
            verdict.differences(),
            recorded ? again(exchange.tenant(), state) : null));
  }

  private Again again(TenantId tenant, RunState state) throws InterruptedException {
    Script script;
    try {
      script = script(tenant, state);
    } catch (Refusal refused) {
      String why = refused.problem().detail();
      return new Again(false, why, 0, 0, List.of(), List.of(), null);
    }
    Rehearsed rehearsed = Rehearsal.of(script);
    List<Comparison.Difference> differences = Comparison.of(state, rehearsed.state());
    return new Again(
        differences.isEmpty() && rehearsed.stuck() == null,
        null,
        rehearsed.played().answers().size(),
        rehearsed.played().results().size(),
        differences,
        rehearsed.misses(),
        rehearsed.stuck());
  }

  private Script script(TenantId tenant, RunState state) {
    if (!state.hasPlan()) {
      throw Problem.of(ProblemCode.CONFLICT, "this run has no plan").refusal();
    }
    return JournalScript.of(state, run -> runs.events(tenant, run), engine.plans()::plan);
  }
}
