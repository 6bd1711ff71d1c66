package dev.capstan.llm.stage;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.document.Spelling;
import dev.capstan.llm.Gateway;
import dev.capstan.llm.ModelCall;
import dev.capstan.llm.Patience;
import dev.capstan.llm.Told;
import dev.capstan.llm.chat.DeltaSink;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The gateway: every call passes the cache, and each attempt at a provider the budgets, the limits
 * and the breaker, is settled and metered. There is no way around.
 */
public final class ModelGateway implements Gateway {
  private final TreeMap<String, Route> routes;
  private final Stage stages;
  private final AtomicLong calls = new AtomicLong();

  /** {@code routes} by the names that callers say. */
  public ModelGateway(Map<String, Route> routes, GatewayParts parts) {
    this.routes = new TreeMap<>(routes);
    Leg provider = new ProviderStage(parts);
    Leg breaker = new BreakerStage(parts, provider);
    Leg limits = new LimitStage(parts, breaker);
    Leg budgets = new BudgetStage(parts, limits);
    Leg meter = new MeterStage(parts, budgets);
    this.stages = new CacheStage(parts, new Failover(parts, meter));
  }

  @Override
  public Told ask(ModelCall call, DeltaSink sink, Patience.WaitListener listener)
      throws InterruptedException {
    Route route = routes.get(call.model());
    if (route == null) {
      return new Told.Failed(unknown(call.model()), null, null, Money.ZERO, List.of());
    }
    return stages.ask(new Question(call, route, sink, listener, calls.incrementAndGet()));
  }

  private Problem unknown(String model) {
    String meant =
        Spelling.suggestion(model, routes.keySet()).map(words -> "; " + words).orElse("");
    String shown = model.length() > 60 ? model.substring(0, 60) + "…" : model;
    return Problem.of(ProblemCode.NOT_FOUND, "there is no model '" + shown + "'" + meant);
  }

  @Override
  public List<String> models() {
    return List.copyOf(routes.keySet());
  }
}
