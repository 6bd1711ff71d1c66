package dev.capstan.server.runs;

import dev.capstan.engine.Engine;
import dev.capstan.engine.Standing;
import dev.capstan.journal.RunState;
import dev.capstan.journal.RunStatus;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import dev.capstan.plan.PlanDrawing;
import dev.capstan.server.http.Answer;
import dev.capstan.server.http.Exchange;
import dev.capstan.views.Graph;
import dev.capstan.views.RunView;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One run: as it is, as it was, drawn, explained. */
public final class RunQueries {
  private record Why(RunId run, RunStatus status, List<Standing> standing) {}

  private final Engine engine;
  private final RunReader runs;

  public RunQueries(Engine engine, RunReader runs) {
    this.engine = engine;
    this.runs = runs;
  }

  public Answer show(Exchange exchange) {
    RunId run = exchange.run();
    @Nullable String at = exchange.query("at").orElse(null);
    return Answer.ok(
        at == null
            ? RunView.of(runs.state(exchange.tenant(), run))
            : RunView.asOf(runs.state(exchange.tenant(), run, at)));
  }

  public Answer graph(Exchange exchange) {
    RunState state = runs.state(exchange.tenant(), exchange.run());
    Function<String, String> status = step -> state.step(step).status().wireName();
    String format = exchange.query("format").orElse("json");
    return switch (format) {
      case "json" -> Answer.ok(Graph.of(state));
      case "mermaid" ->
          Answer.text(200, "text/plain; charset=utf-8", PlanDrawing.mermaid(state.plan(), status));
      case "text" ->
          Answer.text(200, "text/plain; charset=utf-8", PlanDrawing.text(state.plan(), status));
      default ->
          throw Problem.of(ProblemCode.INVALID_REQUEST, "format is json, mermaid or text")
              .refusal();
    };
  }

  public Answer why(Exchange exchange) throws InterruptedException {
    RunId run = exchange.run();
    runs.require(exchange.tenant(), run);
    List<Standing> standing = Patience.await(engine.why(run));
    return Answer.ok(new Why(run, runs.state(exchange.tenant(), run).status(), standing));
  }
}
