package dev.capstan.agents.agent;

import dev.capstan.kernel.Breaker;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.time.ManualTimers;
import dev.capstan.llm.Gateway;
import dev.capstan.llm.budget.EscrowLedger;
import dev.capstan.llm.budget.MemoryVault;
import dev.capstan.llm.cache.MemoryAnswers;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.limit.MemoryLimiter;
import dev.capstan.llm.price.Price;
import dev.capstan.llm.provider.ModelProvider;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.Reply;
import dev.capstan.llm.provider.scripted.ModelScript;
import dev.capstan.llm.provider.scripted.ScriptedProvider;
import dev.capstan.llm.stage.GatewayParts;
import dev.capstan.llm.stage.Meter;
import dev.capstan.llm.stage.ModelGateway;
import dev.capstan.llm.stage.Retries;
import dev.capstan.llm.stage.Route;
import dev.capstan.llm.stage.Rules;
import dev.capstan.llm.stage.Target;
import dev.capstan.llm.stage.Tariff;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The real gateway in front of a model that goes by a script; whoever is interested sees what the
 * model is asked.
 */
public final class ScriptedGateway implements AutoCloseable {
  private static final Price PRICE =
      new Price(
          Money.dollars("0.000001"),
          Money.dollars("0.000001"),
          Money.dollars("0.000001"),
          Money.dollars("0.000002"),
          "this test",
          LocalDate.of(2026, 11, 1));

  private final EscrowLedger ledger;
  private final Gateway gateway;

  /**
   * @param asked sees each call before it is answered
   */
  public ScriptedGateway(String script, ManualTimers time, Consumer<ProviderCall> asked) {
    ledger =
        EscrowLedger.open(
            new MemoryVault(time, Duration.ofMinutes(1)),
            1,
            new EscrowLedger.Surroundings(time, System::nanoTime, event -> {}));
    gateway =
        gateway(new ScriptedProvider("script", ModelScript.read(script), time, time), time, asked);
  }

  public Gateway gateway() {
    return gateway;
  }

  @Override
  public void close() {
    ledger.close();
  }

  private Gateway gateway(ModelProvider scripted, ManualTimers time, Consumer<ProviderCall> asked) {
    ModelProvider counted =
        new ModelProvider() {
          @Override
          public String name() {
            return scripted.name();
          }

          @Override
          public String dialect() {
            return scripted.dialect();
          }

          @Override
          public Reply call(ProviderCall call, DeltaSink sink) throws InterruptedException {
            asked.accept(call);
            return scripted.call(call, sink);
          }
        };
    Target target =
        new Target(
            counted,
            "script-1",
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            new Target.Health(Breaker.Rules.DEFAULT));
    Route route =
        new Route(
            "default",
            List.of(target),
            Retries.DEFAULT,
            200,
            400,
            Duration.ZERO,
            Duration.ofSeconds(5));
    return new ModelGateway(
        Map.of("default", route),
        new GatewayParts(
            ledger,
            new MemoryLimiter(time, time),
            new MemoryAnswers(time, 1 << 20),
            new PriceOfAll(),
            Rules.NONE,
            Meter.NONE,
            time,
            time,
            System::nanoTime,
            7));
  }

  private static final class PriceOfAll implements Tariff {
    @Override
    public Optional<Quote> quote(Target target, ProviderCall call) {
      return Optional.of(new Quote(PRICE, 10_000, 200, false));
    }

    @Override
    public void exceeded(Target target, Quote quote, Usage usage) {}
  }
}
