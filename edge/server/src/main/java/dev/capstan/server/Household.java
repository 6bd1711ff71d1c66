package dev.capstan.server;

import dev.capstan.agents.crew.CrewReader;
import dev.capstan.agents.estimate.Estimator;
import dev.capstan.engine.Engine;
import dev.capstan.engine.EngineLimits;
import dev.capstan.engine.EngineParts;
import dev.capstan.kernel.RunIds;
import dev.capstan.kernel.time.ClockTimers;
import dev.capstan.plan.PlanReader;
import dev.capstan.server.cases.CaseDesk;
import dev.capstan.server.crews.CrewShelf;
import dev.capstan.server.house.HouseDesk;
import dev.capstan.server.house.Meters;
import dev.capstan.server.http.Routes;
import dev.capstan.server.live.Closing;
import dev.capstan.server.live.SseDesk;
import dev.capstan.server.live.WebSocketDesk;
import dev.capstan.server.memory.MemoryDesk;
import dev.capstan.server.memory.MemoryHouse;
import dev.capstan.server.openai.ChatDesk;
import dev.capstan.server.openai.CostDesk;
import dev.capstan.server.openai.ModelDesk;
import dev.capstan.server.openai.RunModels;
import dev.capstan.server.plans.EstimateDesk;
import dev.capstan.server.plans.PlanDesk;
import dev.capstan.server.plans.ToolDesk;
import dev.capstan.server.rehearsal.ReplayDesk;
import dev.capstan.server.runs.Commands;
import dev.capstan.server.runs.EventQueries;
import dev.capstan.server.runs.Moving;
import dev.capstan.server.runs.PastRuns;
import dev.capstan.server.runs.RunLists;
import dev.capstan.server.runs.RunQueries;
import dev.capstan.server.runs.RunReader;
import dev.capstan.server.runs.Submissions;
import dev.capstan.server.settings.Settings;
import dev.capstan.server.store.Store;
import dev.capstan.server.store.Time;
import dev.capstan.server.trail.Trail;
import dev.capstan.tools.ToolRegistry;
import dev.capstan.views.LiveEvents;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The composition root: everything is made here, by {@code new}, and closed here in reverse. */
final class Household implements AutoCloseable {
  private final Closing closing = new Closing();
  private final Store store;
  private final Trail trail;
  private final ClockTimers timers;
  private final ExecutorService threads;
  private final ModelHouse models;
  private final MemoryHouse memories;
  private final Engine engine;
  private final Routes routes;

  /** Makes the house; what was made before something failed is closed again. */
  static Household open(Settings settings, Time time) {
    Meters meters = new Meters(settings.monitoring().metrics());
    Store store = Store.open(settings, time, meters::written);
    try {
      return new Household(settings, time, meters, store);
    } catch (RuntimeException | LinkageError failed) {
      store.close();
      throw failed;
    }
  }

  private Household(Settings settings, Time time, Meters meters, Store store) {
    InstantSource clock = time.clock();
    this.store = store;
    LiveEvents live = LiveEvents.of(store.journal());
    store.journal().follow(meters::hear);
    this.trail = Trail.follow(store.journal(), time.nanos(), settings.monitoring().traces());
    this.timers = ClockTimers.start(clock);
    this.threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("work-", 0).factory());
    long seed = new SecureRandom().nextLong();
    RunBudgets budgets = RunBudgets.over(settings.models().gateway(), live, store.journal());
    this.models =
        new ModelHouse(
            settings.models(),
            new ModelHouse.Ground(store, time, timers, meters, budgets, seed ^ 0x6d6f));
    this.memories = new MemoryHouse(settings);
    ToolRegistry tools = Toolshed.tools(settings, store, time, models.gateway(), memories.memory());
    CrewReader reader = new CrewReader(tools, models.gateway().models());
    CrewShelf shelf = CrewShelf.read(settings.crews(), reader);
    EngineLimits limits = settings.work().limits();
    this.engine = Engine.start(parts(clock, tools, live, seed), limits);
    budgets.share(engine.plans());
    meters.watch(engine, store, live);
    RunReader runs = new RunReader(live, engine.plans(), run -> store.keeping().get().fateOf(run));
    PlanDesk plans = plans(settings, tools, reader, clock);
    RunModels crews =
        new RunModels(
            shelf, engine, live, plans::withRetries, new RunModels.Surroundings(clock, closing));
    Submissions submissions = new Submissions(engine, plans, runs);
    EventQueries events = new EventQueries(runs, live);
    this.routes =
        Api.routes(
            new Api.Desks(
                submissions,
                new RunQueries(engine, runs),
                new ReplayDesk(engine, runs, tools),
                new CaseDesk(engine, runs),
                new RunLists(store.summaries()),
                new Commands(engine, runs, submissions),
                moving(runs, tools, new RunIds(clock, ~seed)),
                events,
                new SseDesk(runs, live, events, closing),
                new WebSocketDesk(runs, live, closing),
                plans,
                estimates(plans, settings, tools),
                new ToolDesk(engine, tools),
                new ChatDesk(models.gateway(), crews, clock, seed),
                new ModelDesk(models.gateway(), settings.models().gateway(), crews, clock),
                new CostDesk(store.costs()),
                new MemoryDesk(memories.memory(), clock),
                new HouseDesk(engine, limits, store, meters, clock)));
  }

  private Moving moving(RunReader runs, ToolRegistry tools, RunIds ids) {
    return new Moving(store.journal(), runs, ids, tools, store.leases().worker());
  }

  private EstimateDesk estimates(PlanDesk plans, Settings settings, ToolRegistry tools) {
    return new EstimateDesk(
        plans,
        new Estimator(
            settings.models().gateway(),
            models.prices(),
            tools,
            new PastRuns(store.summaries(), store.costs())));
  }

  private PlanDesk plans(
      Settings settings, ToolRegistry tools, CrewReader reader, InstantSource clock) {
    return new PlanDesk(
        new PlanReader(tools),
        reader,
        Planning.planner(settings.planning(), models.gateway(), tools, clock),
        settings.retry());
  }

  private EngineParts parts(InstantSource clock, ToolRegistry tools, LiveEvents live, long seed) {
    return new EngineParts(
        store.journal(),
        store.leases(),
        store.keys(),
        tools,
        clock,
        timers,
        threads,
        new Watch(live),
        seed);
  }

  Routes routes() {
    return routes;
  }

  /** Ends the streams, so that the web server need not wait for their readers. */
  void endStreams() {
    closing.close();
  }

  @Override
  public void close() {
    closing.close();
    engine.close();
    models.close();
    timers.close();
    // What has not ended within the engine's grace is cut short and made again by the next owner.
    threads.shutdownNow();
    threads.close();
    memories.close();
    trail.close();
    store.close();
  }
}
