package dev.capstan.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.story.Terminal.Said;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Five hundred agents at once in one run, each with a budget of its own and two tool calls. */
@Timeout(300)
class AgentsStory {
  private static final int AGENTS = 500;

  private static final String MODELS =
      """
      providers:
        script: {type: scripted, script: script.yaml}
      models:
        default: {primary: {provider: script, model: priced}}
      cost_tracking:
        model_costs: {priced: {input: 0.001, output: 0.002}}
      """;

  private static final String SCRIPT =
      """
      rules:
        - match: {turn: 1}
          tools: [{tool: calculator, arguments: {expression: "6 * 7"}}]
        - match: {tool_result: calculator}
          tools: [{tool: todo, arguments: {action: add, text: it was done}}]
        - say: "{{user}}: 42"
      """;

  private static final String PLAN =
      """
      name: agents
      steps:
        - id: work
          foreach: "${[1..500]}"
          tool: agent
          input:
            name: agent_${item}
            role: worker ${item}
            goal: to be done with it
            task: number ${item}
            tools: [calculator, todo]
            limits: {max_turns: 4, cost_limit: 0.05}
      outputs:
        texts: ${steps.work.output.text}
      """;

  @TempDir Path home;

  @Test
  void five_hundred_agents_of_one_run_finish_and_cost_what_the_ledger_says() throws Exception {
    Files.writeString(home.resolve("capstan.yaml"), MODELS);
    Files.writeString(home.resolve("script.yaml"), SCRIPT);
    Path plan = Files.writeString(home.resolve("agents.yaml"), PLAN);
    try (ServerProcess server = ServerProcess.start(home);
        Door door = new Door(server.url())) {
      Terminal terminal = new Terminal(server.url(), home.toString());
      Said said = terminal.call("run", plan.toString(), "--json");
      assertThat(said.code()).as(said.err()).isZero();
      String run = said.json().path("id").asString("");
      BigDecimal told = worked(door, run);
      JsonNode ledger = costs(door, run);
      assertThat(ledger.path("items").size()).isEqualTo(AGENTS);
      assertThat(new BigDecimal(ledger.path("cost").asString())).isEqualByComparingTo(told);
      for (JsonNode agent : ledger.path("items")) {
        assertThat(agent.path("calls").asInt()).as(agent.toString()).isEqualTo(3);
        assertThat(new BigDecimal(agent.path("cost").asString()))
            .isLessThanOrEqualTo(new BigDecimal("0.05"));
      }
      assertThat(terminal.call("costs", "--by", "agent", "--run", run).out())
          .as("fifty are shown, and what all of them cost")
          .contains(AGENTS - 50 + " more")
          .containsPattern("together +" + Pattern.quote("$" + ledger.path("cost").asString()));
      assertThat(terminal.call("verify").code()).isZero();
      System.out.println(
          "figure: "
              + AGENTS
              + " agents, 1,500 calls and 1,000 tool calls in one run, "
              + said.json().path("duration_ms").asLong(0)
              + " ms; cost of the run = sum of the"
              + " ledger = "
              + told.toPlainString()
              + " dollars");
    }
  }

  /** What the agents say that they cost together. */
  private static BigDecimal worked(Door door, String run) throws Exception {
    JsonNode page = door.get("/runs/" + run).body();
    BigDecimal cost = BigDecimal.ZERO;
    Set<String> texts = new HashSet<>();
    JsonNode outputs = page.path("steps").path(0).path("output");
    assertThat(outputs.size()).as(Json.write(page.path("status"))).isEqualTo(AGENTS);
    for (JsonNode output : outputs) {
      assertThat(output.path("tool_calls").asInt()).isEqualTo(2);
      texts.add(output.path("text").asString());
      cost = cost.add(new BigDecimal(output.path("cost").asString()));
    }
    assertThat(texts).hasSize(AGENTS);
    return cost;
  }

  /** The ledger's rows by agent, once every call is written down. */
  private static JsonNode costs(Door door, String run) throws Exception {
    JsonNode costs = Json.object();
    // Each look is a request over HTTP: the wait is bounded by their number.
    for (int looks = 0; looks < 2_000; looks++) {
      costs = door.get("/costs?by=agent&limit=1000&run=" + run).body();
      int calls = 0;
      for (JsonNode agent : costs.path("items")) {
        calls += agent.path("calls").asInt(0);
      }
      if (calls == 3 * AGENTS) {
        return costs;
      }
    }
    throw new AssertionError(costs.path("items").size() + " agents have costs");
  }
}
