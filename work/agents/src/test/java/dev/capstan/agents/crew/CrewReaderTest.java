package dev.capstan.agents.crew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanCodec;
import dev.capstan.plan.PlanReader.Read;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Crews become the plans they should, and every mistake is told at its place in the crew. */
class CrewReaderTest {
  static final String CREW =
      """
      name: brief
      inputs:
        topic: {type: string, required: true}
      agents:
        researcher:
          role: researcher of ${inputs.topic}
          goal: to find what is true
          tools: [calculator]
          limits: {max_turns: 5, cost_limit: 0.20, max_time: 5m}
        writer:
          role: writer
          goal: to be understood
      tasks:
        - id: facts
          description: Find five facts about ${inputs.topic}.
          expected_output: five lines
          agent: researcher
        - id: picture
          description: Say what a picture of it would show.
          agent: writer
          async: true
        - id: page
          description: Write a page.
          agent: writer
          context: [facts, picture]
          human_input: true
        - id: title
          description: Give it a title.
          agent: writer
          output_schema: {type: object, required: [title], properties: {title: {type: string}}}
      """;

  private static JsonNode plan(String crew) {
    return switch (CrewRig.read(crew)) {
      case Read.Valid valid -> PlanCodec.encode(valid.plan());
      case Read.Invalid invalid -> throw new AssertionError(invalid.mistakes().toString());
    };
  }

  private static JsonNode step(JsonNode plan, String id) {
    for (JsonNode step : plan.path("steps").values()) {
      if (step.path("id").asString("").equals(id)) {
        return step;
      }
    }
    throw new AssertionError("there is no step " + id + " in " + plan);
  }

  private static List<String> after(JsonNode plan, String id) {
    return step(plan, id).path("depends_on").values().stream().map(JsonNode::asString).toList();
  }

  private static List<String> mistakes(String crew) {
    return CrewRig.read(crew) instanceof Read.Invalid invalid
        ? invalid.mistakes().stream().map(Mistake::toString).toList()
        : List.of();
  }

  @Test
  void tasks_become_steps_that_wait_for_those_before_them() {
    JsonNode plan = plan(CREW);
    assertThat(after(plan, "facts")).isEmpty();
    assertThat(after(plan, "picture"))
        .as("begins when the task before it is done")
        .contains("facts");
    assertThat(after(plan, "page")).containsExactlyInAnyOrder("facts", "picture");
    assertThat(after(plan, "page_review")).containsExactly("page");
    assertThat(after(plan, "page_revised")).contains("page_review");
    assertThat(after(plan, "title")).contains("facts", "picture", "page", "page_revised");
    assertThat(step(plan, "facts").path("timeout").asString()).isEqualTo("PT5M");
    assertThat(step(plan, "page_review").has("approval")).isTrue();
    JsonNode input = step(plan, "facts").path("input");
    assertThat(input.path("name").asString()).isEqualTo("researcher");
    assertThat(input.path("limits").path("max_turns").asInt()).isEqualTo(5);
    assertThat(input.path("limits").has("max_time")).isFalse();
    assertThat(plan.path("outputs").path("answer").asString()).contains("title");
  }

  @Test
  void tasks_that_need_not_be_waited_for_do_not_wait_for_each_other() {
    JsonNode plan =
        plan(
            """
            agents: {one: {role: one, goal: two}}
            tasks:
              a: {description: first, agent: one}
              b: {description: left, agent: one, async: true}
              c: {description: right, agent: one, async: true}
              d: {description: last, agent: one}
            """);
    assertThat(plan.path("name").asString()).isEqualTo("crew");
    assertThat(after(plan, "b")).containsExactly("a");
    assertThat(after(plan, "c")).containsExactly("a");
    assertThat(after(plan, "d")).containsExactlyInAnyOrder("a", "b", "c");
  }

  private static final String LED =
      """
      process: hierarchical
      manager: {role: chief, goal: done work}
      max_delegations: 4
      agents:
        one: {role: one, goal: g, tools: [todo]}
        two: {role: two, goal: g}
      tasks:
        a: {description: first}
        b: {description: second, agent: two, context: [a]}
      """;

  @Test
  void a_manager_is_given_each_task_and_those_who_may_do_it() {
    JsonNode plan = plan(LED);
    JsonNode first = step(plan, "a");
    assertThat(first.path("tool").asString()).isEqualTo("manager");
    assertThat(first.path("input").path("manager").path("name").asString()).isEqualTo("manager");
    assertThat(first.path("input").path("max_delegations").asInt()).isEqualTo(4);
    assertThat(first.path("input").path("workers").size()).isEqualTo(2);
    JsonNode second = step(plan, "b").path("input");
    assertThat(second.path("workers").size()).as("only whom the task names").isEqualTo(1);
    JsonNode led =
        plan(
            LED.replace("manager: {role: chief, goal: done work}", "manager: two")
                .replace(", agent: two", ""));
    assertThat(step(led, "a").path("input").path("workers").size()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "goal: done work|goal: done work, tools: [todo]|manager.tools: a manager has no tools but",
        "manager: {role: chief, goal: done work}|manager: tow|did you mean 'two'?",
        "manager: {role: chief, goal: done work}|manager: {role: chief}|manager: the agent has no goal",
        "max_delegations: 4|max_delegations: 0|max_delegations: this should be a whole number",
        "process: hierarchical|process: sequential|a sequential crew has no manager",
        "process: hierarchical|process: sequential|tasks.a: the task is nobody's",
        "role: two|role: '${inputs.x}'|agents.two.role: the plan has no input 'x'"
      })
  void mistakes_about_managers_are_told_with_their_place(String right, String wrong, String told) {
    assertThat(String.join("\n", mistakes(LED.replace(right, wrong)))).contains(told);
  }

  @Test
  void one_agent_alone_is_a_plan_of_one_step() {
    JsonNode given =
        plan("{role: clerk, goal: order, task: 'sort ${inputs.what}', inputs: {what: string}}");
    assertThat(step(given, "work").path("input").path("task").asString()).startsWith("sort");
    JsonNode left = plan("{name: clerk, role: clerk, goal: order}");
    assertThat(left.path("inputs").path("task").path("type").asString()).isEqualTo("string");
    assertThat(step(left, "work").path("input").path("name").asString()).isEqualTo("clerk");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "role: writer|rloe: writer|11:5 agents.writer.rloe: unknown field 'rloe'|did you mean 'role'?",
        "role: writer|role: writer~    llm: x|agents.writer.llm: unknown field 'llm'|write 'model'",
        "[calculator]|[calcluator]|8:13 agents.researcher.tools[0]: unknown tool|did you mean 'calculator'?",
        "[calculator]|[agent]|agents.researcher.tools[0]: an agent is no tool of another|''",
        "agent: researcher|agent: reseacher|17:12 tasks[0].agent: there is no agent 'reseacher'|did you mean 'researcher'?",
        "[facts, picture]|[fact, picture]|tasks[2].context[0]: there is no task 'fact'|did you mean 'facts'?",
        "[facts, picture]|[facts, title]|tasks[2].context[1]: the task 'title' does not come before|put it further up",
        "of ${inputs.topic}|of ${inputs.topik}|6:11 agents.researcher.role: the plan has no input 'topik'|did you mean 'topic'?",
        "about ${inputs.topic}|about ${steps.pictre.output.text}|tasks[0].description: there is no step 'pictre'|did you mean 'picture'?",
        "async: true|async_execution: true|tasks[1].async_execution|write 'async'",
        "max_turns: 5|max_turns: 0|9:25 agents.researcher.limits.max_turns|1 to 200",
        "max_turns: 5|keep_cut: 1|agents.researcher.limits.keep_cut|true or false",
        "max_time: 5m|max_time: soon|agents.researcher.limits.max_time|no duration",
        "cost_limit: 0.20|cost_limit: -1|agents.researcher.limits.cost_limit|more than 0",
        "role: writer|role: writer~    memory: {windw: 7}|agents.writer.memory.windw: the tool takes no 'windw'|''",
        "role: writer|role: writer~    memory: {window_tokens: all}|agents.writer.memory.window_tokens|integer",
        "name: brief|name: brief~manager: writer|manager: a sequential crew has no manager|write process: hierarchical",
        "name: brief|name: brief~process: parallel|process: 'parallel' is not one of sequential|''",
        "name: brief|name: brief~process: hierarchical|a hierarchical crew needs a manager|write manager:",
        "role: writer|role: writer~    model: gtp|agents.writer.model: there is no model 'gtp'|there are: default, large",
        "- id: title|- id: facts|the name 'facts' is taken by tasks[0]|''",
        "- id: title|- id: page_review|tasks[3]|taken by the review of tasks[2]"
      })
  void every_mistake_is_told_with_its_place(
      String right, String wrong, String told, String suggestion) {
    String broken = CREW.replace(right, wrong.replace("~", "\n"));
    assertThat(broken).isNotEqualTo(CREW);
    assertThat(mistakes(broken)).anySatisfy(mistake -> assertThat(mistake).contains(told));
    assertThat(String.join("\n", mistakes(broken))).contains(suggestion);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "agents: 7; agents and tasks",
        "agents: {}~tasks: []; there are no agents",
        "{agents: {a: 1}, tasks: [x]}; an object with fields",
        "{role: [], goal: {}}; should be a text",
        "role: x; the agent has no goal",
        "tasks: {t: {description: d}}; there are no agents"
      })
  void what_is_hardly_a_crew_is_refused_in_words(String crew, String told) {
    List<String> mistakes = mistakes(crew.replace("~", "\n"));
    assertThat(mistakes).isNotEmpty();
    if (!told.equals("agents and tasks")) {
      assertThat(String.join("\n", mistakes)).contains(told);
    }
  }

  @Test
  void several_mistakes_are_told_at_once() {
    String broken =
        CREW.replace("goal: to be understood", "gaol: x").replace("[calculator]", "[x]");
    assertThat(mistakes(broken)).hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void a_crew_is_told_from_a_plan() {
    assertThat(CrewReader.isCrew(CREW)).isTrue();
    assertThat(CrewReader.isCrew("{role: x, goal: y}")).isTrue();
    assertThat(CrewReader.isCrew("name: agents\nsteps: [{id: a, tool: agent}]")).isFalse();
    assertThat(CrewReader.isCrew("agents: [")).isFalse();
    assertThat(CrewReader.isCrew("agents")).isFalse();
  }

  @Test
  void a_crew_inside_a_request_is_read_as_one_in_a_file() {
    JsonNode document =
        Json.parse(
            "{\"agents\": {\"a\": {\"role\": \"r\", \"goal\": \"g\"}},"
                + " \"tasks\": {\"t\": {\"description\": \"d\", \"agent\": \"a\"}}}");
    assertThat(CrewRig.READER.read(document)).isInstanceOf(Read.Valid.class);
    Plan plan = ((Read.Valid) CrewRig.READER.read(document)).plan();
    assertThat(plan.steps()).hasSize(1);
  }
}
