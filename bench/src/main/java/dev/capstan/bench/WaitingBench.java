package dev.capstan.bench;

import dev.capstan.kernel.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What agents weigh that wait: runs with an agent for each of their items, whose model takes a few
 * calls at once and a long time for each; and what the server and its database weigh when all the
 * others wait.
 */
final class WaitingBench {
  private static final String PLAN =
      """
      name: waiting
      steps:
        - id: all
          foreach: {items: "${inputs.items}", max_concurrency: 1000}
          tool: agent
          input: {role: clerk, goal: to wait, task: "Say number ${item}.", model: slow}
      inputs:
        items: {type: array}
      """;

  private static final Pattern WAITING =
      Pattern.compile("(?m)^llm_waiting\\{.*for=\"limit\".*\\} (\\S+)$");

  /** No more of one run are under way at once. */
  private static final int RUN = 1_000;

  private static final Duration BETWEEN = Duration.ofMillis(500);
  private static final int LOOKS = 240;

  private final HttpCaller server;
  private final Family family;

  private WaitingBench(HttpCaller server, Family family) {
    this.server = server;
    this.family = family;
  }

  private int waiting() throws IOException {
    Matcher found = WAITING.matcher(server.get("/metrics").body());
    return found.find() ? (int) Double.parseDouble(found.group(1)) : 0;
  }

  private void submit(int agents) throws IOException {
    ObjectNode submission = Json.object().put("plan", PLAN);
    ArrayNode items = submission.putObject("inputs").putArray("items");
    for (int i = 0; i < agents; i++) {
      items.add(i);
    }
    HttpCaller.Reply reply = server.post("/runs", submission.toString());
    if (reply.status() >= 300) {
      throw new IOException("refused: " + reply);
    }
  }

  private void measure(int agents, Targets targets) throws Exception {
    double rest = family.memory().all();
    for (int left = agents; left > 0; left -= RUN) {
      submit(Math.min(left, RUN));
    }
    int most = 0;
    double heaviest = 0;
    long begin = System.nanoTime();
    for (int look = 0; look < LOOKS && most < agents - 16; look++) {
      Thread.sleep(BETWEEN);
      most = Math.max(most, waiting());
      heaviest = Math.max(heaviest, family.memory().all());
    }
    System.out.printf(
        Locale.ROOT,
        "waiting   %,d agents' calls wait after %.1f s; %.0f MB at rest, %.0f MB at most%n",
        most,
        (System.nanoTime() - begin) / 1e9,
        rest,
        heaviest);
    targets.atLeast("agents' calls that wait at once", most, agents - 16);
    targets.atMost("MB, server and PostgreSQL, while they do", heaviest, 1_024);
  }

  /** {@code HOME PORT [AGENTS] [--assert]}. */
  static void main(String[] args) throws Exception {
    int[] numbers = Targets.numbers(Arrays.copyOfRange(args, 1, args.length));
    int agents = numbers.length > 1 ? numbers[1] : 10_000;
    Targets targets = new Targets();
    try (HttpCaller server = new HttpCaller(numbers[0])) {
      new WaitingBench(server, Family.of(Path.of(args[0]))).measure(agents, targets);
    }
    targets.conclude(args);
  }
}
