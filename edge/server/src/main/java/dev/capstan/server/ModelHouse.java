package dev.capstan.server;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.RunIds;
import dev.capstan.kernel.time.Timers;
import dev.capstan.llm.Gateway;
import dev.capstan.llm.budget.EscrowLedger;
import dev.capstan.llm.budget.Ledger;
import dev.capstan.llm.cache.MemoryAnswers;
import dev.capstan.llm.config.GatewaySettings;
import dev.capstan.llm.config.ModelSettings;
import dev.capstan.llm.config.ProviderSettings;
import dev.capstan.llm.config.Routing;
import dev.capstan.llm.config.Vendors;
import dev.capstan.llm.limit.Allotments;
import dev.capstan.llm.limit.MemoryLimiter;
import dev.capstan.llm.limit.SharedLimiter;
import dev.capstan.llm.price.Price;
import dev.capstan.llm.price.PriceTable;
import dev.capstan.llm.provider.ModelProvider;
import dev.capstan.llm.provider.scripted.ModelScript;
import dev.capstan.llm.provider.scripted.ScriptedProvider;
import dev.capstan.llm.provider.wire.Wire;
import dev.capstan.llm.stage.GatewayParts;
import dev.capstan.llm.stage.ModelGateway;
import dev.capstan.llm.stage.Rules;
import dev.capstan.llm.stage.TableTariff;
import dev.capstan.server.house.Meters;
import dev.capstan.server.house.ModelMeter;
import dev.capstan.server.settings.Settings;
import dev.capstan.server.store.Store;
import dev.capstan.server.store.Time;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The gateway to models, put together as it is configured. */
final class ModelHouse implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** What asking a script costs, unless somebody prices it. */
  private static final Price FREE =
      new Price(
          Money.ZERO, Money.ZERO, Money.ZERO, Money.ZERO, "a script bills nobody", LocalDate.EPOCH);

  private final Settings.Models settings;
  private final Time time;
  private final Timers timers;
  private final Wire wire;
  private final Ledger ledger;
  private final @Nullable SharedLimiter shared;
  private final Gateway gateway;

  /**
   * What it is built on.
   *
   * @param rules which limits and budgets hold
   * @param seed of the dice that spread retries, different in each process
   */
  record Ground(Store store, Time time, Timers timers, Meters meters, Rules rules, long seed) {}

  ModelHouse(Settings.Models settings, Ground ground) {
    this.settings = settings;
    this.time = ground.time();
    this.timers = ground.timers();
    Meters meters = ground.meters();
    GatewaySettings configured = settings.gateway();
    this.wire = Wire.open(CONNECT, time.clock(), time.nanos());
    long process = new RunIds(time.clock(), ground.seed()).next().value();
    this.ledger =
        EscrowLedger.open(
            ground.store().vault(),
            process,
            new EscrowLedger.Surroundings(
                time.clock(),
                time.nanos(),
                new BudgetNews(meters.registry()),
                configured.budgets().alertAt()));
    LongFunction<Allotments> drawn = ground.store().allotments();
    this.shared =
        drawn == null ? null : new SharedLimiter(drawn.apply(process), timers, time.clock());
    this.gateway =
        new ModelGateway(
            Routing.routes(configured, providers()),
            new GatewayParts(
                ledger,
                shared == null ? new MemoryLimiter(timers, time.clock()) : shared,
                new MemoryAnswers(time.clock(), configured.cache().mostBytes()),
                new TableTariff(prices(configured), ground.store().bounds()),
                ground.rules(),
                new ModelMeter(meters.registry()),
                timers,
                time.clock(),
                time.nanos(),
                ground.seed()));
  }

  /** What is configured, over what ships; a script costs nothing unless somebody prices it. */
  private static PriceTable prices(GatewaySettings settings) {
    PriceTable known = PriceTable.of(settings.prices()).over(PriceTable.shipped());
    Map<String, Price> free = new HashMap<>();
    for (ModelSettings model : settings.models().values()) {
      for (ModelSettings.Choice choice : model.choices()) {
        ProviderSettings provider = settings.providers().get(choice.provider());
        if (provider != null && provider.type() == ProviderSettings.Type.SCRIPTED) {
          free.put(choice.model(), FREE);
        }
      }
    }
    return known.over(PriceTable.of(free));
  }

  private Map<String, ModelProvider> providers() {
    Map<String, String> keys = new HashMap<>();
    settings.keys().forEach((variable, key) -> keys.put(variable, key.reveal()));
    Vendors vendors = new Vendors(wire, keys, prices()::tokens);
    Map<String, ModelProvider> providers = new HashMap<>();
    settings
        .gateway()
        .providers()
        .forEach((name, provider) -> providers.put(name, provider(vendors, provider)));
    return providers;
  }

  private ModelProvider provider(Vendors vendors, ProviderSettings provider) {
    return switch (provider.type()) {
      case SCRIPTED, LANGCHAIN4J ->
          new ScriptedProvider(provider.name(), script(provider), time.clock(), timers);
      default -> vendors.open(provider);
    };
  }

  private ModelScript script(ProviderSettings provider) {
    return Objects.requireNonNull(settings.scripts().get(provider.name()), provider.name());
  }

  /** What models cost. */
  PriceTable prices() {
    return prices(settings.gateway());
  }

  /** Whoever wants an answer of a model asks here. */
  Gateway gateway() {
    return gateway;
  }

  Ledger ledger() {
    return ledger;
  }

  /** Ends calls under way and books what they cost. Blocks. */
  @Override
  public void close() {
    wire.close();
    if (shared != null) {
      shared.close();
    }
    ledger.close();
  }
}
