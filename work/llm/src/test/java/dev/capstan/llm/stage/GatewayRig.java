package dev.capstan.llm.stage;

import dev.capstan.kernel.Breaker;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.TenantId;
import dev.capstan.kernel.time.ManualTimers;
import dev.capstan.llm.Hold;
import dev.capstan.llm.ModelCall;
import dev.capstan.llm.Origin;
import dev.capstan.llm.Told;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.cache.MemoryAnswers;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Delta;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.limit.Limit;
import dev.capstan.llm.limit.MemoryLimiter;
import dev.capstan.llm.price.Price;
import dev.capstan.llm.provider.ProviderCall;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A gateway whose time is moved by hand, in front of providers that do as they are told. */
final class GatewayRig {
  static final Price PRICE =
      new Price(
          Money.dollars("0.001"),
          Money.dollars("0.001"),
          Money.dollars("0.001"),
          Money.dollars("0.002"),
          "a test",
          LocalDate.of(2026, 11, 1));

  /** What the rig's tariff says is the most that goes in. */
  static final long INPUT_BOUND = 20;

  static final int OUTPUT_BOUND = 100;
  static final Money MOST = PRICE.atMost(INPUT_BOUND, OUTPUT_BOUND);
  static final Money ANSWER = PRICE.of(TestProvider.USAGE);

  final ManualTimers time = new ManualTimers();
  final TestLedger ledger = new TestLedger();
  final List<Meter.Called> called = new ArrayList<>();
  final List<Boolean> cached = new ArrayList<>();
  final List<String> declined = new ArrayList<>();
  final List<Delta> seen = new ArrayList<>();
  final List<Hold> holds = new ArrayList<>();
  final List<Target> targets = new ArrayList<>();
  List<Limit> limits = List.of();
  List<Budget> budgets = List.of();
  Retries retries =
      new Retries(2, Duration.ofSeconds(1), Duration.ofSeconds(60), false, Duration.ofSeconds(1));
  Duration cacheLife = Duration.ZERO;
  boolean priced = true;
  Tariff tariff = new RigTariff();
  final AtomicInteger quotes = new AtomicInteger();
  int exceeded;
  private @Nullable ModelGateway gateway;

  GatewayRig(TestProvider... providers) {
    for (TestProvider provider : providers) {
      targets.add(
          new Target(
              provider,
              "model-of-" + provider.name(),
              Duration.ofSeconds(30),
              Duration.ofSeconds(10),
              new Target.Health(Breaker.Rules.DEFAULT)));
    }
  }

  ModelGateway gateway() {
    if (gateway == null) {
      Map<String, Route> routes = new LinkedHashMap<>();
      routes.put(
          "smart",
          new Route(
              "smart", targets, retries, OUTPUT_BOUND, 200, cacheLife, Duration.ofSeconds(5)));
      gateway = new ModelGateway(routes, parts());
    }
    return gateway;
  }

  private GatewayParts parts() {
    return new GatewayParts(
        ledger,
        new MemoryLimiter(time, time),
        new MemoryAnswers(time, 1 << 20),
        tariff,
        new OnlyLimits(() -> limits),
        new RigMeter(),
        time,
        time,
        () -> time.instant().toEpochMilli() * 1_000_000,
        7);
  }

  ModelCall call(boolean stream) {
    return new ModelCall(
        Origin.of(TenantId.LOCAL),
        "smart",
        List.of(Message.User.says("hello")),
        List.of(),
        Sampling.DEFAULT,
        new AnswerFormat.FreeText(),
        stream,
        true,
        budgets,
        time.instant().plusSeconds(120));
  }

  Told ask(boolean stream) {
    return ask(call(stream));
  }

  /** Asks, and moves the clock on whenever the call waits for it. */
  Told ask(ModelCall call) {
    return ask(call, seen::add);
  }

  Told ask(ModelCall call, DeltaSink sink) {
    BlockingQueue<Optional<Hold>> events = new LinkedBlockingQueue<>();
    FutureTask<Told> asking =
        new FutureTask<>(
            () -> gateway().ask(call, sink, hold -> events.add(Optional.ofNullable(hold)))) {
          // Who hears of it finds it done, however long this thread is kept from going on.
          @Override
          protected void done() {
            events.add(Optional.empty());
          }
        };
    Thread.ofVirtual().start(asking);
    try {
      while (true) {
        Optional<Hold> event = events.poll(20, TimeUnit.SECONDS);
        if (event == null) {
          throw new AssertionError("the call hangs");
        }
        if (event.isPresent()) {
          holds.add(event.get());
          // The listener is told just before the alarm is set.
          Instant next = time.awaitNext();
          time.advance(Duration.between(time.instant(), next), () -> {});
        } else if (asking.isDone()) {
          return asking.get();
        }
      }
    } catch (InterruptedException | java.util.concurrent.ExecutionException failed) {
      throw new AssertionError(failed);
    }
  }

  private final class RigTariff implements Tariff {
    @Override
    public Optional<Quote> quote(Target target, ProviderCall call) {
      quotes.incrementAndGet();
      Integer output = call.sampling().maxOutputTokens();
      return priced && output != null
          ? Optional.of(new Quote(PRICE, INPUT_BOUND, output, false))
          : Optional.empty();
    }

    @Override
    public void exceeded(Target target, Quote quote, Usage usage) {
      exceeded++;
    }
  }

  private final class RigMeter implements Meter {
    @Override
    public synchronized void called(Called one) {
      called.add(one);
    }

    @Override
    public synchronized void cached(Origin origin, String model, boolean hit) {
      cached.add(hit);
    }

    @Override
    public synchronized void declined(Origin origin, String provider, String model, String why) {
      declined.add(provider + " " + why);
    }

    @Override
    public void waited(String what, Duration howLong) {}
  }
}
