package dev.capstan.agents.planner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.agents.Planned;
import dev.capstan.agents.pattern.PatternPlanner;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.TenantId;
import dev.capstan.kernel.time.ManualTimers;
import dev.capstan.llm.ModelCall;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Part;
import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanCodec;
import dev.capstan.plan.Step;
import dev.capstan.tools.Echo;
import dev.capstan.tools.ToolRegistry;
import dev.capstan.tools.calculator.Calculator;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A model plans, and nothing that it says is believed before it was checked. */
class ModelPlannerTest {
  private static final String PROMPT = "halve what is left of 17 after the tax of 3 and say it";

  private static final String GOOD =
      sketch(
          step("tax", "calculator", "{\"expression\": \"17 - 3\"}"),
          step("half", "calculator", "{\"expression\": \"(${steps.tax.output.text}) / 2\"}"));

  private final ToolRegistry tools = ToolRegistry.of(new Calculator(), new Echo());

  private static ObjectNode step(String id, String tool, String input) {
    ObjectNode step = Json.object().put("id", id).put("tool", tool).put("input", input);
    step.putArray("depends_on");
    return step.put("when", "").put("foreach", "");
  }

  private static String sketch(ObjectNode... steps) {
    ObjectNode sketch = Json.object().put("impossible", "").put("name", "halve");
    var list = sketch.putArray("steps");
    for (ObjectNode step : steps) {
      list.add(step);
    }
    return Json.write(sketch.put("answer", "It is ${steps.half.output.result}."));
  }

  private Planned planned(SaidModel model, String prompt) throws InterruptedException {
    return new ModelPlanner(model, "smart", tools, new ManualTimers()).plan(prompt, TenantId.LOCAL);
  }

  private Plan plan(SaidModel model) throws InterruptedException {
    return ((Planned.Understood) planned(model, PROMPT)).plan();
  }

  private Problem refusal(SaidModel model) throws InterruptedException {
    Problem problem = ((Planned.NotUnderstood) planned(model, PROMPT)).problem();
    assertThat(problem.code()).isEqualTo(ProblemCode.NOT_UNDERSTOOD);
    return problem;
  }

  private static String text(Message message) {
    return switch (message) {
      case Message.Instructions said -> said.text();
      case Message.User user -> ((Part.Text) user.parts().getFirst()).text();
      case Message.Assistant said -> said.text();
      case Message.ToolResult result -> result.content();
    };
  }

  @Test
  void what_the_model_says_becomes_a_plan_whose_steps_wait_for_what_they_refer_to()
      throws Exception {
    SaidModel model = new SaidModel(GOOD);
    Plan plan = plan(model);
    assertThat(plan.steps()).extracting(Step::id).containsExactly("tax", "half");
    assertThat(plan.step(1).dependsOn()).containsExactly("tax");
    assertThat(plan.outputs()).containsOnlyKeys("answer");
    assertThat(PlanCodec.decode(PlanCodec.encode(plan)).steps()).hasSize(2);
    assertThat(model.asked).hasSize(1);
  }

  @Test
  void the_model_is_shown_every_tool_with_its_schemas_and_the_prompt_apart_from_the_rules()
      throws Exception {
    SaidModel model = new SaidModel(GOOD);
    Plan _ = plan(model);
    ModelCall call = model.asked.getFirst();
    assertThat(call.origin().tenant()).isEqualTo(TenantId.LOCAL);
    assertThat(call.origin().agent()).isEqualTo(ModelPlanner.AGENT);
    assertThat(call.tools()).isEmpty();
    String rules = text(call.messages().get(0));
    assertThat(rules)
        .contains("calculator: ", "echo: ", Json.write(new Calculator().spec().input()))
        .doesNotContain(PROMPT);
    assertThat(call.messages()).hasSize(2);
    assertThat(text(call.messages().get(1))).isEqualTo(PROMPT);
  }

  @Test
  void the_schema_keeps_to_what_every_vendor_takes() throws Exception {
    SaidModel model = new SaidModel(GOOD);
    Plan _ = plan(model);
    var format = (AnswerFormat.BySchema) model.asked.getFirst().format();
    assertThat(format.strict()).isTrue();
    closed(format.schema());
    assertThat(format.schema().at("/properties/steps/items/properties/tool/enum"))
        .hasToString("[\"calculator\",\"echo\"]");
  }

  private static void closed(JsonNode schema) {
    assertThat(schema.path("type").isString()).isTrue();
    if (schema.path("type").stringValue().equals("object")) {
      assertThat(schema.path("additionalProperties").booleanValue()).isFalse();
      assertThat(schema.path("required").values())
          .extracting(JsonNode::stringValue)
          .containsExactlyElementsOf(schema.path("properties").propertyNames());
      schema.path("properties").values().forEach(ModelPlannerTest::closed);
    } else if (schema.has("items")) {
      closed(schema.path("items"));
    }
  }

  @Test
  void mistakes_are_told_to_the_model_once() throws Exception {
    String wrong = sketch(step("half", "calcluator", "{\"expression\": \"1\"}"));
    SaidModel model = new SaidModel(wrong, GOOD);
    assertThat(plan(model).steps()).hasSize(2);
    List<Message> second = model.asked.get(1).messages();
    assertThat(text(second.get(2))).isEqualTo(wrong);
    assertThat(text(second.get(3)))
        .contains("steps[0].tool: unknown tool 'calcluator' (did you mean 'calculator'?)");

    SaidModel stubborn = new SaidModel(wrong, wrong, GOOD);
    Problem refused = refusal(stubborn);
    assertThat(stubborn.asked).hasSize(2);
    assertThat(refused.detail()).contains("no plan that can be run", "calcluator");
    assertThat(refused.mistakes()).extracting(Mistake::path).containsExactly("steps[0].tool");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "I would rather not.",
        "[]",
        "42",
        "{\"steps\": {}}",
        "{\"name\": 7, \"steps\": [7], \"answer\": \"x\"}",
        "{\"steps\": [{\"id\": \"a\", \"plan\": {\"steps\": []}}], \"answer\": \"x\"}",
        "{\"steps\": [{\"id\": \"a\", \"tool\": \"echo\", \"input\": \"[1]\"}], \"answer\": \"x\"}",
        "{\"steps\": [{\"id\": \"a\", \"tool\": \"echo\", \"input\": \"{\"}], \"answer\": \"x\"}",
        "{\"steps\": [{\"id\": \"a\", \"tool\": \"echo\"}], \"answer\": \"${steps.b.output}\"}",
        "{\"steps\": [{\"id\": \"a\", \"tool\": \"echo\", \"depends_on\": [\"a\"]}],"
            + " \"answer\": \"x\"}",
        "{\"steps\": [{\"id\": \"a\", \"tool\": \"echo\"}], \"answer\": \"\"}",
        "{\"sudo\": true, \"steps\": [{\"id\": \"a\", \"tool\": \"echo\"}], \"answer\": \"x\"}"
      })
  void nonsense_is_refused_in_words(String nonsense) throws Exception {
    Problem refused = refusal(new SaidModel(nonsense, nonsense));
    assertThat(refused.mistakes()).isNotEmpty();
    assertThat(refused.detail()).startsWith("the model 'smart' made no plan that can be run: ");
  }

  @Test
  void what_is_too_deep_too_long_or_cut_off_is_refused() throws Exception {
    String deep = "[".repeat(100_000);
    assertThat(refusal(new SaidModel(deep, deep)).detail()).contains("no JSON");
    List<ObjectNode> many = Collections.nCopies(101, step("a", "echo", "{}"));
    String tooMany = sketch(many.toArray(ObjectNode[]::new));
    assertThat(refusal(new SaidModel(tooMany, tooMany)).detail()).contains("101; at most 100");
    assertThat(refusal(new SaidModel(GOOD, GOOD).cutOff()).detail()).contains("cut off");
    String vast = "x".repeat(300_000);
    assertThat(refusal(new SaidModel(vast, vast)).detail()).contains("longer than 200000");
    SaidModel unasked = new SaidModel(GOOD);
    assertThat(((Planned.NotUnderstood) planned(unasked, "x".repeat(20_001))).problem().detail())
        .contains("20001 characters");
    assertThat(unasked.asked).isEmpty();
  }

  @Test
  void a_code_block_and_an_input_that_is_an_object_are_understood_too() throws Exception {
    ObjectNode plain = step("half", "calculator", "");
    plain.set("input", Json.object().put("expression", "17 / 2"));
    assertThat(plan(new SaidModel("```json\n" + sketch(plain) + "\n```")).steps()).hasSize(1);
  }

  @Test
  void the_model_may_say_that_it_cannot_be_done() throws Exception {
    SaidModel model = new SaidModel("{\"impossible\": \"there is no tool for mail\"}");
    assertThat(refusal(model).detail()).contains("smart", "there is no tool for mail");
    assertThat(model.asked).hasSize(1);
  }

  @Test
  void a_model_that_is_away_is_said_to_be() throws Exception {
    assertThat(refusal(new SaidModel()).detail()).contains("nobody is there");
    String wrong = sketch(step("half", "mail", "{}"));
    assertThat(refusal(new SaidModel(wrong)).detail()).contains("nobody is there");
  }

  @Test
  void patterns_go_first_and_cost_nothing_and_the_words_of_both_are_told() throws Exception {
    SaidModel model = new SaidModel(GOOD);
    HybridPlanner planner =
        new HybridPlanner(
            new PatternPlanner(), new ModelPlanner(model, "smart", tools, new ManualTimers()));
    var simple = (Planned.Understood) planner.plan("what is 2 + 3?", TenantId.LOCAL);
    assertThat(simple.planner()).isEqualTo("pattern");
    assertThat(model.asked).isEmpty();
    var harder = (Planned.Understood) planner.plan(PROMPT, TenantId.LOCAL);
    assertThat(harder.planner()).isEqualTo("model");
    var neither = (Planned.NotUnderstood) planner.plan(PROMPT, TenantId.LOCAL);
    assertThat(neither.problem().detail()).contains("I can calculate", "nobody is there");
    assertThat(neither.problem().mistakes()).isNotEmpty().allMatch(each -> each.line() == 1);
  }
}
