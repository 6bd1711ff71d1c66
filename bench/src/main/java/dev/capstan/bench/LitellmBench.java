package dev.capstan.bench;

import dev.capstan.twin.Scene;
import dev.capstan.twin.VendorTwin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a call costs more by way of Capstan and by way of LiteLLM's proxy than straight to the
 * vendor's twin, in turn. Capstan with limits and budgets at every level and its ledger durable;
 * LiteLLM as bare as it can be started: one process, no key, no database, no budget.
 */
final class LitellmBench {
  private static final int SECONDS = 8;
  private static final int CALLS = 1_000;
  private static final Duration LONGEST_START = Duration.ofMinutes(2);

  private final int twin;

  private record Door(String name, int port, String body) {}

  private LitellmBench(int twin) {
    this.twin = twin;
  }

  private static Process start(Path program, Path home, int port, int twin) throws IOException {
    Path config = home.resolve("litellm.yaml");
    Files.writeString(
        config,
        """
        model_list:
          - model_name: gpt-bench
            litellm_params: {model: openai/gpt-bench, api_base: "http://127.0.0.1:%d/main/v1", api_key: bench}
        """
            .formatted(twin));
    ProcessBuilder builder =
        new ProcessBuilder(
            program.toString(),
            "--config",
            config.toString(),
            "--host",
            "127.0.0.1",
            "--port",
            Integer.toString(port),
            "--num_workers",
            "1");
    // Prices from its own package: nothing is fetched.
    builder.environment().put("LITELLM_LOCAL_MODEL_COST_MAP", "True");
    // On loopback and without a key, as bare as it goes.
    builder.environment().put("LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY", "true");
    builder.redirectErrorStream(true).redirectOutput(log(home).toFile());
    return builder.start();
  }

  private static Path log(Path home) {
    return home.resolve("litellm.log");
  }

  private static void await(Process process, int port, Path home) throws IOException {
    long end = System.nanoTime() + LONGEST_START.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      try (HttpCaller caller = new HttpCaller(port)) {
        if (caller.get("/health/liveliness").status() == 200) {
          return;
        }
      } catch (IOException notYet) {
        LockSupport.parkNanos(200_000_000);
      }
    }
    throw new IOException("LiteLLM does not come up:\n" + Files.readString(log(home)));
  }

  /** Milliseconds at the median, one after the other. */
  private static double median(int port, String path, String body) throws IOException {
    return OpenLoop.percentile(GatewayBench.sequential(port, path, body, CALLS), 50);
  }

  private double added(Door door) throws IOException {
    double direct = median(twin, GatewayBench.DIRECT, GatewayBench.body("gpt-bench", false));
    double through = median(door.port(), GatewayBench.DOOR, door.body());
    System.out.printf(
        Locale.ROOT,
        "litellm   %-8s one at a time  direct p50 %.3f ms  through p50 %.3f ms  added %.3f ms%n",
        door.name(),
        direct,
        through,
        through - direct);
    return through - direct;
  }

  private static void load(Door door, int rate) throws Exception {
    OpenLoop loop =
        OpenLoop.run(
            door.port(),
            rate,
            SECONDS,
            caller -> GatewayBench.ask(caller, GatewayBench.DOOR, door.body()));
    System.out.printf(
        Locale.ROOT,
        "litellm   %-8s %5d/s         p50 %8.2f ms  p99 %8.2f ms  %d refused, %.0f/s done%n",
        door.name(),
        rate,
        loop.percentile(50),
        loop.percentile(99),
        loop.failed(),
        loop.rate());
  }

  private void measure(Door ours, Door theirs, Targets targets) throws Exception {
    double our = added(ours);
    double their = added(theirs);
    for (int rate : new int[] {20, 50, 100}) {
      load(ours, rate);
      load(theirs, rate);
    }
    targets.atLeast("times what Capstan adds, everything on, LiteLLM adds", their / our, 10);
  }

  /** {@code HOME PORT TWIN-PORT LITELLM LITELLM-PORT [--assert]}. */
  static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[1]);
    int twinPort = Integer.parseInt(args[2]);
    int theirPort = Integer.parseInt(args[4]);
    Targets targets = new Targets();
    Path home = Path.of(args[0]);
    try (VendorTwin twin = VendorTwin.start(twinPort)) {
      twin.script().always(Scene.says(GatewayBench.ANSWER));
      Process process = start(Path.of(args[3]), home, theirPort, twinPort);
      try {
        await(process, theirPort, home);
        GatewayBench.of(args).warmUp();
        new LitellmBench(twinPort)
            .measure(
                new Door("capstan", port, GatewayBench.body("full", false)),
                new Door("litellm", theirPort, GatewayBench.body("gpt-bench", false)),
                targets);
      } finally {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
        }
      }
    }
    targets.conclude(args);
  }
}
