package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.twin.Bill;
import dev.capstan.twin.Scene;
import dev.capstan.twin.VendorTwin;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A budget worth 20 calls, 200 calls at once, a model that takes 200 ms: the experiments that the
 * gateways of today fail, each in its turn.
 */
class BudgetStormIT {
  private static final int WORTH = 20;
  private static final int CALLS = 200;
  private static final int INPUT = 100;
  private static final Money IN = Money.dollars("0.000001");
  private static final Money OUT = Money.dollars("0.000004");
  private static final String QUESTION = "what? ".repeat(66);

  /** A call costs 100 tokens in and 100 out: 0.0005 dollars, and 20 of them 0.01. */
  private static final String MODELS =
      """
      providers:
        twin: {type: openai, base_url: "TWIN/main/v1", api_key_env: TWIN_KEY}
        deployed:
          type: openai
          base_url: "TWIN/main/v1"
          api_key_env: TWIN_KEY
          models:
            gpt-deployed: {budget: {per_day: 0.01}}
      models:
        twin: {primary: {provider: twin, model: gpt-twin}}
        deployed: {primary: {provider: deployed, model: gpt-deployed}}
        unpriced: {primary: {provider: twin, model: gpt-unpriced}}
      budgets: {workflow: 0.01}
      keys:
        KEYS
      cost_tracking:
        model_costs:
          gpt-twin: {input: 0.001, output: 0.004}
          gpt-deployed: {input: 0.001, output: 0.004}
      """;

  private static final List<String> FIGURES = new ArrayList<>();

  @TempDir Path home;
  private final VendorTwin twin = VendorTwin.start();
  private TestHouse house;

  @BeforeEach
  void open() throws IOException {
    open("ten: {budget: {per_day: 0.01}}", "");
  }

  private void open(String keys, String more) throws IOException {
    Files.writeString(
        home.resolve("capstan.yaml"),
        MODELS.replace("TWIN/", twin.url() + "/").replace("KEYS", keys) + more);
    house = TestHouse.open(home, Map.of("TWIN_KEY", "sk-storm"));
    twin.script().always(scene(100));
  }

  @AfterEach
  void close() {
    house.close();
    twin.close();
  }

  @AfterAll
  static void print() {
    System.out.println("figure: of 20 affordable calls: " + String.join(", ", FIGURES));
  }

  private static Scene scene(int tokens) {
    return Scene.says("okay".repeat(tokens))
        .counts(new Scene.Count(INPUT, 0, 0, 0, null, true, true, true))
        .after(Duration.ofMillis(200));
  }

  /** What became of a storm. */
  private record Storm(int answered, int refused, Money spent) {}

  private Storm storm(Consumer<ObjectNode> asking) throws Exception {
    List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      ObjectNode body = ChatHouse.asking("twin", QUESTION);
      asking.accept(body);
      HttpRequest request =
          house
              .to("/v1/chat/completions")
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
              .build();
      calls.add(house.client().sendAsync(request, HttpResponse.BodyHandlers.ofString()));
    }
    int answered = 0;
    Money spent = Money.ZERO;
    for (CompletableFuture<HttpResponse<String>> call : calls) {
      HttpResponse<String> answer = call.get(60, TimeUnit.SECONDS);
      if (answer.statusCode() == 200) {
        answered++;
        spent = spent.plus(cost(answer));
      } else {
        assertThat(answer.statusCode()).as(answer.body()).isIn(400, 429);
      }
    }
    return new Storm(answered, CALLS - answered, spent);
  }

  private static Money cost(HttpResponse<String> answer) {
    String header = answer.headers().firstValue("x-capstan-cost").orElse("");
    if (!header.isEmpty()) {
      return Money.dollars(header);
    }
    List<String> events = answer.body().lines().filter(line -> line.startsWith("data: {")).toList();
    assertThat(answer.body()).contains("data: [DONE]");
    JsonNode last = Json.parse(events.getLast().substring(6));
    return Money.dollars(last.path("capstan").path("cost").stringValue());
  }

  private Money billed() {
    Bill.Line bill = twin.bill().total();
    return IN.times(bill.input()).plus(OUT.times(bill.output()));
  }

  /** What the vendor bills is what was told, is in the ledger, and is within the budget. */
  private void hold(String name, Storm storm, Money budget) throws Exception {
    FIGURES.add(name + " " + storm.answered());
    assertThat(storm.spent()).as(name).isLessThanOrEqualTo(budget);
    assertThat(storm.answered()).as(name).isGreaterThanOrEqualTo(WORTH - 2);
    Money told = Money.ZERO;
    for (int tries = 0; !told.equals(storm.spent()) || !told.equals(billed()); tries++) {
      assertThat(tries)
          .as("%s: %s spent, %s in the ledger, %s billed", name, storm.spent(), told, billed())
          .isLessThan(2_000);
      told =
          Money.dollars(
              Json.parse(house.get("/costs?by=tenant").body()).path("cost").stringValue());
    }
  }

  private static final Money TEN = Money.dollars("0.01");

  @Test
  void the_estimate_is_exact() throws Exception {
    hold("exact", storm(body -> body.put("user", "ten").put("max_tokens", 100)), TEN);
    assertThat(house.get("/metrics").body())
        .as("four fifths were passed, and that is told")
        .contains("budget_events_total{kind=\"thresholdpassed\"");
  }

  @Test
  void the_estimate_is_exact_and_the_answers_are_streams() throws Exception {
    hold(
        "streams",
        storm(body -> body.put("user", "ten").put("max_tokens", 100).put("stream", true)),
        TEN);
  }

  @Test
  void the_estimate_is_far_too_high() throws Exception {
    hold("too high", storm(body -> body.put("user", "ten").put("max_tokens", 640)), TEN);
  }

  @Test
  void no_bound_is_asked_for() throws Exception {
    hold("no max_tokens", storm(body -> body.put("user", "ten")), TEN);
  }

  @Test
  void the_vendor_bills_beyond_what_it_may() throws Exception {
    house.close();
    // 100 tokens in and 200 out, where 50 are allowed: 0.0009 dollars, and 20 of them 0.018.
    open("ten: {budget: {per_day: 0.018}}", "");
    twin.script().always(scene(200).ignoringMaxTokens());
    hold(
        "too low",
        storm(body -> body.put("user", "ten").put("max_tokens", 50)),
        Money.dollars("0.018"));
  }

  @Test
  void nobody_knows_what_the_model_costs() throws Exception {
    Storm storm = storm(body -> body.put("user", "ten").put("model", "unpriced"));
    assertThat(storm.answered()).isZero();
    assertThat(twin.bill().requests()).isZero();
  }

  @Test
  void the_budget_is_a_runs() throws Exception {
    hold(
        "run",
        storm(body ->
            body.put("max_tokens", 100).putObject("metadata").put("run", "run_38fyaaewyfej9")),
        TEN);
  }

  @Test
  void the_budget_is_a_deployments() throws Exception {
    hold("deployment", storm(body -> body.put("model", "deployed").put("max_tokens", 100)), TEN);
  }

  @Test
  void the_budget_is_a_tenants() throws Exception {
    house.close();
    open("none: {}", "tenants: {local: {budget: {per_day: 0.01}}}\n");
    hold("tenant", storm(body -> body.put("max_tokens", 100)), TEN);
  }
}
