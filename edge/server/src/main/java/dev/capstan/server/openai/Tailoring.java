package dev.capstan.server.openai;

import dev.capstan.agents.agent.ModelTool;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.llm.ModelCall;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.plan.Action;
import dev.capstan.plan.Plan;
import dev.capstan.plan.Step;
import dev.capstan.plan.Template;
import dev.capstan.plan.Templates;
import dev.capstan.tools.SchemaCheck;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run's plan as one request wishes it: what the file leaves open the request may say, what the
 * file says holds, and what no agent can do is refused by its field.
 */
final class Tailoring {
  private static final String SCHEMA = "response_format";

  private final Plan plan;
  private final Sampling sampling;
  private final @Nullable JsonNode schema;
  private final String last;

  private Tailoring(Plan plan, Sampling sampling, @Nullable JsonNode schema) {
    this.plan = plan;
    this.sampling = sampling;
    this.schema = schema;
    this.last = plan.steps().getLast().id();
  }

  /** Throws a {@link Refusal} of {@code invalid_request} for what cannot be. */
  static Plan fit(Plan plan, ModelCall wish) {
    if (!wish.tools().isEmpty()) {
      throw wrong("tools", "belong to the agent and not to the request: leave them out");
    }
    if (!wish.sampling().stop().isEmpty()) {
      throw wrong("stop", "would cut what agents say to their tools: leave it out");
    }
    return new Tailoring(plan, wish.sampling(), schema(wish.format())).fit();
  }

  /** Whether what is said on the way is not the answer, which is JSON. */
  static boolean isJson(ModelCall wish) {
    return !(wish.format() instanceof AnswerFormat.FreeText);
  }

  private static Refusal wrong(String field, String what) {
    return Problem.of(
            ProblemCode.INVALID_REQUEST,
            "'" + field + "' " + what,
            List.of(Mistake.at(field, what)))
        .refusal();
  }

  private static @Nullable JsonNode schema(AnswerFormat format) {
    return switch (format) {
      case AnswerFormat.FreeText _ -> null;
      case AnswerFormat.JsonObject _ -> Json.object().put("type", "object");
      case AnswerFormat.BySchema given -> checked(given.schema());
    };
  }

  private static JsonNode checked(JsonNode schema) {
    try {
      SchemaCheck.of(schema);
    } catch (IllegalArgumentException broken) {
      throw wrong(SCHEMA, "holds " + broken.getMessage());
    }
    if (Json.write(schema).contains("${")) {
      throw wrong(SCHEMA, "holds '${', which would be an expression of a plan");
    }
    return schema;
  }

  private Plan fit() {
    List<Step> steps = plan.steps().stream().map(this::fit).toList();
    return Plan.of(plan.header(), plan.inputs(), steps, outputs());
  }

  private Step fit(Step step) {
    if (!(step.action() instanceof Action.CallTool call) || !ModelTool.isNamed(call.tool())) {
      return step;
    }
    ObjectNode input = call.input().source().deepCopy().asObject();
    ObjectNode lead = input.path("manager").isObject() ? input.path("manager").asObject() : input;
    chooseWords(lead);
    input.path("workers").values().forEach(worker -> chooseWords(worker.asObject()));
    if (step.id().equals(last)) {
      bound(lead);
      form(input);
    }
    return input.equals(call.input().source())
        ? step
        : step.doing(new Action.CallTool(call.tool(), Templates.template(input)));
  }

  private void chooseWords(ObjectNode agent) {
    if (agent.path("sampling").isString()) {
      // An expression of the file's, whatever that comes to.
      return;
    }
    ObjectNode words = within(agent, "sampling");
    if (sampling.temperature() != null && !words.has("temperature")) {
      words.put("temperature", sampling.temperature());
    }
    if (sampling.topP() != null && !words.has("top_p")) {
      words.put("top_p", sampling.topP());
    }
    if (sampling.seed() != null && !words.has("seed")) {
      words.put("seed", sampling.seed());
    }
    if (!words.isEmpty()) {
      agent.set("sampling", words);
    }
  }

  private static ObjectNode within(ObjectNode agent, String field) {
    return agent.path(field).isObject() ? agent.path(field).asObject() : Json.object();
  }

  /**
   * The tighter of both bounds holds, and an answer that is cut off there is told as far as it
   * goes, as OpenAI's clients know it, unless the file says that it is not.
   */
  private void bound(ObjectNode agent) {
    ObjectNode limits = within(agent, "limits");
    Integer most = sampling.maxOutputTokens();
    if (most != null) {
      int own = limits.path("max_output_tokens").asInt(most);
      limits.put("max_output_tokens", Math.min(own, most));
    }
    if (!limits.has("keep_cut")) {
      limits.put("keep_cut", true);
    }
    agent.set("limits", limits);
  }

  private void form(ObjectNode input) {
    if (schema == null) {
      return;
    }
    if (input.has("output_schema")) {
      throw wrong(SCHEMA, "is the agent's own, which has an output_schema: leave it out");
    }
    input.set("output_schema", schema);
  }

  private Map<String, Template> outputs() {
    if (schema == null) {
      return plan.outputs();
    }
    String result = "steps.`" + last + "`.output.";
    Template answer = plan.outputs().get("answer");
    boolean isTheLastOnes =
        plan.outputs().size() == 1
            && answer != null
            && answer.source().equals(Json.text("${" + result + "text}"));
    if (!isTheLastOnes) {
      throw wrong(SCHEMA, "does not fit what the crew says itself that it answers: leave it out");
    }
    String whole = "${" + result + "finish = 'length' ? " + result + "text : " + result + "output}";
    return Map.of("answer", Templates.template(Json.text(whole)));
  }
}
