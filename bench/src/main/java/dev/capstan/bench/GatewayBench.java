package dev.capstan.bench;

import dev.capstan.kernel.Json;
import dev.capstan.twin.Scene;
import dev.capstan.twin.VendorTwin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a call to a model costs more by way of the gateway of a server that is up than straight to
 * the vendor, whom a twin in this process plays. Model, twin, load and server share the machine.
 */
final class GatewayBench {
  static final String DIRECT = "/main/v1/chat/completions";
  static final String DOOR = "/v1/chat/completions";
  static final String ANSWER = "It is so, and it has always been so, as far as is known.";
  static final int SEQUENTIAL = 2_000;
  private static final int SECONDS = 6;

  /** What else runs on the machine only adds to latency and CPU: the best of these counts. */
  private static final int ROUNDS = 5;

  private static final int COLD_ROUNDS = 6;

  /** So many rounds in a row that are no better: one may be a neighbour's doing. */
  private static final int WARM_ROUNDS = 4;

  private static final int MOST_WARM_ROUNDS = 20;
  private static final long TICK = 10_000_000;

  private final int port;
  private final int twin;
  private final Path stat;

  private GatewayBench(int port, int twin, Path stat) {
    this.port = port;
    this.twin = twin;
    this.stat = stat;
  }

  static String body(String model, boolean stream) {
    // One name of a key and of an agent: budgets and limits at every level.
    String who =
        model.equals("full") ? "\"user\":\"bench\",\"metadata\":{\"agent\":\"bench\"}," : "";
    return "{\"model\":\"%s\",%s\"max_tokens\":64,\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Is it so?\"}]}"
        .formatted(model, who, stream);
  }

  static void ask(HttpCaller caller, String path, String body) throws IOException {
    HttpCaller.Reply reply = caller.post(path, body);
    if (reply.status() != 200) {
      throw new IOException("refused: " + reply);
    }
  }

  /** One after the other, on one connection, as many before to warm up: microseconds, sorted. */
  static long[] sequential(int port, String path, String body, int calls) throws IOException {
    long[] micros = new long[calls];
    try (HttpCaller caller = new HttpCaller(port)) {
      for (int i = -calls; i < calls; i++) {
        long start = System.nanoTime();
        ask(caller, path, body);
        if (i >= 0) {
          micros[i] = (System.nanoTime() - start) / 1_000;
        }
      }
    }
    Arrays.sort(micros);
    return micros;
  }

  private static OpenLoop open(int port, String path, String body, int rate) throws Exception {
    OpenLoop loop = OpenLoop.run(port, rate, SECONDS, caller -> ask(caller, path, body));
    System.out.printf(
        Locale.ROOT,
        "gateway   %-7s %5d/s   p50 %8.2f ms  p99 %8.2f ms  %d refused, %.0f/s done%n",
        path.equals(DIRECT) ? "direct" : body.contains("full") ? "full" : "lean",
        rate,
        loop.percentile(50),
        loop.percentile(99),
        loop.failed(),
        loop.rate());
    return loop;
  }

  /** Nanoseconds that the server's process has used. */
  private long cpu() throws IOException {
    String line = Files.readString(stat);
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK;
  }

  private double added(String model, boolean stream) throws IOException {
    double direct =
        OpenLoop.percentile(sequential(twin, DIRECT, body("gpt-bench", stream), SEQUENTIAL), 50);
    double through =
        OpenLoop.percentile(sequential(port, DOOR, body(model, stream), SEQUENTIAL), 50);
    System.out.printf(
        Locale.ROOT,
        "gateway   %-7s %s   direct p50 %.3f ms  through p50 %.3f ms  added %.3f ms%n",
        model,
        stream ? "stream" : "whole ",
        direct,
        through,
        through - direct);
    return through - direct;
  }

  /**
   * Until the compiler is done with what a call passes, and a call's CPU falls no more: compiling
   * is no part of a call.
   */
  void warmUp() throws Exception {
    double least = Double.MAX_VALUE;
    int noBetter = 0;
    for (int round = 0; round < MOST_WARM_ROUNDS && noBetter < WARM_ROUNDS; round++) {
      open(port, DOOR, body("full", true), 1_000);
      long before = cpu();
      open(port, DOOR, body("full", false), 1_000);
      double micros = callMicros(before);
      noBetter = micros < 0.97 * least ? 0 : noBetter + 1;
      least = Math.min(least, micros);
    }
    System.out.println("gateway   warm");
  }

  /** Of the server's CPU since then, for each call of a round of 1,000 a second. */
  private double callMicros(long before) throws IOException {
    double micros = (cpu() - before) / 1e3 / (1_000 * SECONDS);
    System.out.printf(Locale.ROOT, "gateway   CPU of the server a call %.0f µs%n", micros);
    return micros;
  }

  private void measure(Targets targets) throws Exception {
    warmUp();
    double added = added("full", false);
    added("full", true);
    added("lean", false);
    open(twin, DIRECT, body("gpt-bench", false), 1_000);
    open(port, DOOR, body("lean", false), 1_000);
    open(port, DOOR, body("full", false), 500);
    double p99 = Double.MAX_VALUE;
    double micros = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long before = cpu();
      p99 = Math.min(p99, open(port, DOOR, body("full", false), 1_000).percentile(99));
      micros = Math.min(micros, callMicros(before));
    }
    double held = open(port, DOOR, body("full", false), 2_000).rate();
    targets.atMost("gateway: added p50, everything on, ms", added, 0.5);
    targets.atMost("gateway: p99 at 1,000 requests/s, ms", p99, 5);
    targets.atLeast("gateway: held of 2,000 requests/s", held, 1_900);
    targets.atMost("gateway: CPU of the server a call, µs", micros, 250);
  }

  /**
   * The first calls that a server ever gets, at once as many as it has to bear. The load is warmed
   * up at the twin, so that it is the server that is cold.
   */
  private void cold(Targets targets) throws Exception {
    for (int round = 0; round < 3; round++) {
      open(twin, DIRECT, body("gpt-bench", false), 1_000);
    }
    double first = 0;
    for (int round = 0; round < COLD_ROUNDS; round++) {
      long before = cpu();
      OpenLoop loop = open(port, DOOR, body("full", false), 1_000);
      first = round == 0 ? loop.percentile(99) : first;
      double _ = callMicros(before);
    }
    targets.atMost("gateway: p99 of a cold server's first 6,000 calls, ms", first, 1_000);
  }

  /** Of the server of this folder, {@code HOME PORT TWIN-PORT}. */
  static GatewayBench of(String[] args) throws IOException {
    long pid =
        Json.parse(Files.readString(Path.of(args[0], "server.json"))).path("pid").longValue();
    Path stat = Path.of("/proc", Long.toString(pid), "stat");
    return new GatewayBench(Integer.parseInt(args[1]), Integer.parseInt(args[2]), stat);
  }

  /** {@code HOME PORT TWIN-PORT [--cold] [--assert]}. */
  static void main(String[] args) throws Exception {
    Targets targets = new Targets();
    try (VendorTwin twin = VendorTwin.start(Integer.parseInt(args[2]))) {
      twin.script().always(Scene.says(ANSWER));
      GatewayBench bench = of(args);
      if (List.of(args).contains("--cold")) {
        bench.cold(targets);
      } else {
        bench.measure(targets);
      }
    }
    targets.conclude(args);
  }
}
