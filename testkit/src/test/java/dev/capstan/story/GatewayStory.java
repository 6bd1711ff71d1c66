package dev.capstan.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.postgres.embedded.EmbeddedPostgres;
import dev.capstan.twin.Mishap;
import dev.capstan.twin.Scene;
import dev.capstan.twin.VendorTwin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A budget worth 20 calls and 200 calls at once, of two processes on one database, while the
 * database is away, and over a kill -9: never more than the budget, and hardly less.
 */
@Timeout(300)
class GatewayStory {
  private static final int WORTH = 20;

  /** A call costs 100 tokens out and nothing for what goes in: 20 of them are 0.008 dollars. */
  private static final String MODELS =
      """
      providers:
        twin:
          type: openai
          base_url: "TWIN/main/v1"
          api_key_env: TWIN_KEY
          circuit_breaker: {failure_threshold: 1000}
          models:
            gpt-deployed: {budget: {per_day: 0.008}}
      models:
        twin: {primary: {provider: twin, model: gpt-twin}}
        deployed: {primary: {provider: twin, model: gpt-deployed}}
        greedy: {primary: {provider: twin, model: gpt-greedy}}
        unpriced: {primary: {provider: twin, model: gpt-unpriced}}
      budgets: {workflow: 0.008}
      keys:
        default: {budget: {per_day: 0.008}}
        double: {budget: {per_day: 0.016}}
        open: {}
        paced: {rate_limiting: {requests_per_minute: 60}}
      cost_tracking:
        model_costs:
          gpt-twin: {input: 0, output: 0.004}
          gpt-deployed: {input: 0, output: 0.004}
          gpt-greedy: {input: 0, output: 0.004}
      """;

  private static final List<String> FIGURES = new ArrayList<>();

  @TempDir Path first;
  @TempDir Path second;
  @TempDir Path base;
  private final VendorTwin twin = VendorTwin.start();
  private final Storm storm = new Storm();
  private EmbeddedPostgres database;

  @BeforeEach
  void open() throws IOException {
    for (Path home : List.of(first, second, base)) {
      Files.writeString(home.resolve("capstan.yaml"), MODELS.replace("TWIN/", twin.url() + "/"));
    }
    ServerProcess.shareBinaries(base);
    database = EmbeddedPostgres.start(base);
    twin.script().always(scene(200));
  }

  @AfterEach
  void close() {
    storm.close();
    database.close();
    twin.close();
  }

  @AfterAll
  static void print() {
    System.out.println("figure: of 20 affordable calls: " + String.join(", ", FIGURES));
  }

  private static Scene scene(int millis) {
    return scene("okay".repeat(100), millis);
  }

  private static Scene scene(String text, int millis) {
    return Scene.says(text).after(Duration.ofMillis(millis));
  }

  private ServerProcess start(Path home) throws IOException, InterruptedException {
    return ServerProcess.start(
        home, Map.of("DATABASE_URL", ServerProcess.urlOf(database), "TWIN_KEY", "sk-story"));
  }

  private void hold(String name, int answered) {
    FIGURES.add(name + " " + answered);
    assertThat(answered).as(name).isBetween(WORTH - 2, WORTH);
    assertThat(twin.bill().total().calls()).as(name).isLessThanOrEqualTo(WORTH);
  }

  /** How the 200 ask, and whose budget it is. */
  enum Form {
    EXACT("exact", "twin", "\"max_tokens\":100"),
    STREAMS("streams", "twin", "\"max_tokens\":100,\"stream\":true"),
    FAR_TOO_HIGH("high", "twin", "\"max_tokens\":640"),
    UNBOUNDED("unbounded", "twin", "\"stream\":false"),
    A_DEPLOYMENTS("open", "deployed", "\"max_tokens\":100"),
    A_RUNS("open", "twin", "\"max_tokens\":100,\"metadata\":{\"run\":\"run_38fyaaewyfej9\"}"),
    /** 200 tokens come where 50 are asked for: 0.0008 dollars, and 20 of them 0.016. */
    FAR_TOO_LOW("double", "greedy", "\"max_tokens\":50", 200);

    private final String user;
    private final String model;
    private final String fields;
    private final long tokens;

    Form(String user, String model, String fields) {
      this(user, model, fields, 100);
    }

    Form(String user, String model, String fields, int tokens) {
      this.user = user;
      this.model = model;
      this.fields = fields;
      this.tokens = tokens;
    }

    Scene answer() {
      Scene scene = scene("okay".repeat((int) tokens), 200);
      return this == FAR_TOO_LOW ? scene.ignoringMaxTokens() : scene;
    }

    Storm of(Storm storm, String... urls) {
      return storm.model(model).form(fields).ask(200, user, urls);
    }

    String title() {
      return "two processes, " + name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  @Test
  void two_processes_on_one_database_share_a_budget() throws Exception {
    try (ServerProcess one = start(first);
        ServerProcess other = start(second)) {
      long before = 0;
      for (Form form : Form.values()) {
        twin.script().always(form.answer());
        Map<Integer, Integer> ends = form.of(storm, one.url(), other.url()).ends();
        assertThat(ends.keySet()).isSubsetOf(200, 429);
        int answered = ends.getOrDefault(200, 0);
        FIGURES.add(form.title() + " " + answered);
        long billed = twin.bill().total().output() - before;
        before += billed;
        assertThat(billed).as(form.title()).isLessThanOrEqualTo(WORTH * form.tokens);
        assertThat(answered).as(form.title()).isGreaterThanOrEqualTo(WORTH - 2);
      }
      long asked = twin.bill().requests();
      storm.model("unpriced").form(Form.EXACT.fields);
      assertThat(storm.ask(200, "open", one.url(), other.url()).ends()).containsOnlyKeys(400);
      assertThat(twin.bill().requests()).as("without a price").isEqualTo(asked);
    }
  }

  @Test
  void two_processes_share_a_tenants_budget() throws Exception {
    for (Path home : List.of(first, second)) {
      Path file = home.resolve("capstan.yaml");
      Files.writeString(
          file, Files.readString(file) + "tenants: {local: {budget: {per_day: 0.008}}}\n");
    }
    try (ServerProcess one = start(first);
        ServerProcess other = start(second)) {
      int answered = storm.ask(200, "open", one.url(), other.url()).ends().getOrDefault(200, 0);
      hold("two processes, a tenant's", answered);
    }
  }

  @Test
  void streams_of_two_processes_that_break_off_say_so_and_are_charged() throws Exception {
    twin.script().always(scene(50).but(Mishap.breaks(Mishap.Where.MIDWAY, Mishap.How.CUT)));
    storm.form(Form.STREAMS.fields);
    try (ServerProcess one = start(first);
        ServerProcess other = start(second)) {
      assertThat(storm.ask(200, "broken", one.url(), other.url()).ends()).containsKey(200);
      Money charged = Money.ZERO;
      int streams = 0;
      for (String body : storm.bodies()) {
        assertThat(body).doesNotContain("[DONE]").contains("\"error\"");
        if (body.startsWith("data:")) {
          String last = body.lines().filter(line -> line.startsWith("data: ")).toList().getLast();
          charged = charged.plus(cost(last.substring(6)));
          streams++;
        }
      }
      Money billed = Money.dollars("0.000004").times(twin.bill().total().output());
      assertThat(streams).isGreaterThanOrEqualTo(WORTH - 2);
      assertThat(charged).isBetween(billed, Money.dollars("0.008"));
      FIGURES.add("broken streams " + streams + ", each charged");
    }
  }

  private static Money cost(String event) {
    return Money.dollars(Json.parse(event).path("capstan").path("cost").asString(""));
  }

  @Test
  void two_processes_on_one_database_share_a_rate() throws Exception {
    CountDownLatch sixty = new CountDownLatch(60);
    CountDownLatch more = new CountDownLatch(61);
    twin.script()
        .decide(ask -> {
          sixty.countDown();
          more.countDown();
          return null;
        });
    try (ServerProcess one = start(first);
        ServerProcess other = start(second)) {
      storm.ask(500, "paced", one.url(), other.url());
      assertThat(sixty.await(20, TimeUnit.SECONDS)).as("%s are left", sixty).isTrue();
      assertThat(more.await(5, TimeUnit.SECONDS)).isFalse();
      FIGURES.add("60 a minute: 60 of 500 in two processes");
      one.kill();
      other.kill();
    }
  }

  @Test
  void nothing_is_spent_unrecorded_while_the_database_is_away() throws Exception {
    try (ServerProcess one = start(first)) {
      int answered = storm.ask(5, "away", one.url()).ends().getOrDefault(200, 0);
      database.close();
      Map<Integer, Integer> away = storm.ask(200, "away", one.url()).ends();
      assertThat(away).as("%s", away).containsKey(503);
      answered += away.getOrDefault(200, 0);
      database = EmbeddedPostgres.start(base);
      for (int tries = 0; answered < WORTH - 2 && tries < 20; tries++) {
        answered += storm.ask(200, "away", one.url()).ends().getOrDefault(200, 0);
      }
      hold("database away and back", answered);
    }
  }

  @Test
  void what_was_under_way_at_a_kill_is_paid_and_no_more() throws Exception {
    int before;
    try (ServerProcess one = start(first)) {
      // One call shows what the model bills; then twelve are under way.
      assertThat(storm.ask(1, "killed", one.url()).ends()).containsOnlyKeys(200);
      CountDownLatch underWay = new CountDownLatch(12);
      twin.script()
          .decide(ask -> {
            underWay.countDown();
            return scene(3_000);
          });
      storm.ask(12, "killed", one.url());
      assertThat(underWay.await(60, TimeUnit.SECONDS)).isTrue();
      one.kill();
      assertThat(storm.ends()).containsOnlyKeys(0);
      before = 1 + 12;
    }
    twin.script().forget();
    endLeases();
    try (ServerProcess again = start(first)) {
      String held = new Terminal(again.url(), first.toString()).type("costs").out();
      assertThat(held)
          .as("twelve calls, and what was drawn with them")
          .containsPattern("lost +\\$0\\.00");
      int after = storm.ask(200, "killed", again.url()).ends().getOrDefault(200, 0);
      hold("kill -9 with 12 under way", before + after);
    }
  }

  /** As if a lease's 30 seconds were over; nobody lives at that moment. */
  private void endLeases() throws SQLException {
    try (var connection =
            DriverManager.getConnection(
                database.jdbcUrl("postgres"), database.user(), database.password());
        var statement = connection.createStatement()) {
      assertThat(statement.executeUpdate("update ledger_owner set expires_at = now()"))
          .isPositive();
    }
  }
}
