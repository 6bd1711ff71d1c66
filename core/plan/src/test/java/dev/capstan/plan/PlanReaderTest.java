package dev.capstan.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.document.Durations;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanReaderTest {
  private static final PlanReader READER = new PlanReader(Tools.ALL);

  static final String RELEASE =
      """
      name: release
      description: Builds, checks, asks and ships.
      inputs:
        version: string
        regions: {type: array, default: [eu, us]}
      max_parallel: 4
      deadline: 2d
      allow_partial_completion: true
      steps:
        - id: build
          tool: calculator
          input: {expression: "1 + 2"}
          retry: {max_retries: 3, strategy: linear, base_delay: 250ms, max_delay: 1m, jitter: false}
          timeout: 90s
        - id: check
          tool: calculator
          input:
            expression: "${steps.build.output.text} * 2"
            digits: "${steps.build.output.result}"
          when: steps.build.output.result > 1
        - id: pause
          wait: 1m30s
          depends_on: [check]
        - id: go
          approval: Ship ${inputs.version}?
          depends_on: pause
          timeout: 2d
        - id: ship
          tool: echo
          foreach: {items: "${inputs.regions}", max_concurrency: 2}
          input: {region: "${item}", number: "${index}"}
          depends_on: [go]
          compensate: {tool: echo, input: {undo: "${steps.ship.output}"}}
          priority: 5
        - id: settled
          signal: all-clear
        - id: report
          plan:
            name: report
            inputs: {what: string}
            steps:
              - {id: say, tool: echo, input: "${inputs.what}"}
          input: {what: "${inputs.version}"}
        - id: poll
          loop:
            plan:
              name: poll
              inputs: {n: integer}
              steps: [{id: ask, tool: echo, input: {n: "${inputs.n}"}}]
            until: iteration >= 3 or last.ask.n = 2
            max_iterations: 5
          input: {n: "${iteration}"}
      outputs:
        version: ${inputs.version}
        shipped: ${steps.ship.output}
      """;

  private static Plan valid(String text) {
    return switch (READER.read(text)) {
      case PlanReader.Read.Valid valid -> valid.plan();
      case PlanReader.Read.Invalid invalid -> throw new AssertionError(invalid.mistakes());
    };
  }

  private static List<Mistake> mistakes(String text) {
    return switch (READER.read(text)) {
      case PlanReader.Read.Valid valid -> List.of();
      case PlanReader.Read.Invalid invalid -> invalid.mistakes();
    };
  }

  private static String only(String text) {
    List<Mistake> mistakes = mistakes(text);
    assertThat(mistakes).hasSize(1);
    return mistakes.getFirst().toString();
  }

  private static String steps(String steps) {
    return "name: p\ninputs: {n: number, s: string, o: {type: object, required: false}}\nsteps:\n"
        + steps.indent(2);
  }

  @Test
  void a_plan_with_everything_in_it_is_read() {
    Plan plan = valid(RELEASE);
    assertThat(plan.header().deadline()).isEqualTo(Duration.ofDays(2));
    assertThat(plan.step(1).dependsOn()).containsExactly("build");
    assertThat(plan.step(plan.indexOf("ship")).dependsOn()).containsExactly("go");
    assertThat(plan.step(plan.indexOf("build")).retry().baseDelay())
        .isEqualTo(Duration.ofMillis(250));
    assertThat(plan.step(plan.indexOf("poll")).action()).isInstanceOf(Action.Loop.class);
    assertThat(plan.outputs()).containsOnlyKeys("version", "shipped");
  }

  @Test
  void json_and_yaml_say_the_same() {
    Plan plan = valid(RELEASE);
    String json = Json.pretty(PlanCodec.encode(plan));
    assertThat(PlanCodec.encode(valid(json))).isEqualTo(PlanCodec.encode(plan));
  }

  @Test
  void every_mistake_is_found_with_its_place() {
    String text =
        """
        name: broken
        input: {}
        steps:
          - id: a
            tool: calclator
          - id: b
            tool: calculator
            input: {expresion: "1", digits: -1}
            timeout: soon
          - id: b
            tool: echo
            input: {x: "${steps.c.output}", y: "${inputs.z}"}
            depends_on: [nobody]
            wait: 5s
        """;
    assertThat(mistakes(text))
        .extracting(Mistake::toString)
        .containsExactlyInAnyOrder(
            "2:1 input: unknown field 'input' (did you mean 'inputs'?)",
            "5:11 steps[0].tool: unknown tool 'calclator' (did you mean 'calculator'?)",
            "8:12 steps[1].input: required property 'expression' not found",
            "8:13 steps[1].input.expresion: the tool takes no 'expresion'"
                + " (did you mean 'expression'?)",
            "8:37 steps[1].input.digits: must have a minimum value of 0",
            "9:14 steps[1].timeout: 'soon' is no duration (write one " + Durations.FORMS + ")",
            "10:9 steps[2].id: the id 'b' is taken by steps[1]",
            "10:5 steps[2]: the step has several actions, tool and wait"
                + " (split it into steps of one action each)",
            "13:17 steps[2].depends_on: there is no step 'nobody'");
  }

  @Test
  void dangling_references_are_mistakes() {
    assertThat(
            only(steps("- {id: a, tool: echo, input: '${steps.bb.output}'}\n- {id: b, signal: x}")))
        .contains("steps[0].input: there is no step 'bb' (did you mean 'b'?)");
    assertThat(only(steps("- {id: a, tool: echo, input: '${inputs.nn}'}")))
        .contains("the plan has no input 'nn' (did you mean 'n'?)");
    assertThat(only(steps("- {id: a, tool: echo, input: '${steps.a.output}'}")))
        .contains("refers to its own output");
    assertThat(only(steps("- {id: a, signal: x}\n- {id: b, tool: echo, input: '${a.x}'}")))
        .contains("nothing is called 'a' here (did you mean 'steps.a.output'?)");
    assertThat(only(steps("- {id: a, signal: x}\n- {id: b, tool: echo, input: '${steps.a.x}'}")))
        .contains("(did you mean 'steps.a.output.x'?)");
    assertThat(only(steps("- {id: a-b, signal: x}\n- {id: b, tool: echo, input: '${steps.a}'}")))
        .contains("write steps.`a-b`");
    assertThat(only(steps("- {id: a, tool: echo, input: '${item}'}")))
        .contains("known only inside a foreach");
    assertThat(only(steps("- {id: a, tool: echo, input: '${last}'}"))).contains("loop");
    assertThat(only(steps("- {id: a, signal: x}") + "outputs: {x: '${steps.q.output}'}"))
        .contains("outputs.x: there is no step 'q'");
  }

  @Test
  void cycles_are_drawn_step_by_step() {
    assertThat(
            only(
                steps(
                    """
                    - {id: a, tool: echo, input: "${steps.c.output}"}
                    - {id: b, tool: echo, depends_on: [a]}
                    - {id: c, tool: echo, depends_on: [b]}
                    """)))
        .contains("in a circle: b → c → a → b");
  }

  @Test
  void types_that_cannot_fit_are_mistakes() {
    assertThat(only(steps("- {id: a, tool: calculator, input: {expression: '${inputs.n}'}}")))
        .contains("type mismatch: this is number and should be string");
    assertThat(
            only(
                steps(
                    """
                    - {id: a, tool: calculator, input: {expression: "1"}}
                    - {id: b, tool: calculator, input: {expression: "1", digits: "${steps.a.output.text}"}}
                    """)))
        .contains("type mismatch: this is string and should be integer");
    assertThat(only(steps("- {id: a, tool: calculator, input: {expression: 5}}")))
        .contains("type mismatch");
    assertThat(
            only("name: p\ninputs: {n: {type: number, default: x}}\nsteps: [{id: a, signal: s}]"))
        .contains("type mismatch: the default is a text");
    assertThat(
            only(
                steps(
                    """
                    - id: a
                      plan: {name: q, inputs: {s: string}, steps: [{id: x, signal: y}]}
                      input: {s: "${inputs.n}"}
                    """)))
        .contains("type mismatch");
    assertThat(mistakes(steps("- {id: a, tool: calculator, input: {expression: '${inputs.s}'}}")))
        .isEmpty();
  }

  @Test
  void steps_that_can_never_run_are_mistakes() {
    assertThat(only(steps("- {id: a, signal: x, when: false}"))).contains("unreachable");
    assertThat(only(steps("- {id: a, signal: x, when: 1 > 2}"))).contains("unreachable");
    assertThat(only(steps("- {id: a, tool: echo, foreach: []}"))).contains("unreachable");
  }

  @Test
  void forms_that_are_wrong_are_mistakes() {
    assertThat(only(steps("- {id: a, signal: x, retry: {max_retries: 5000}}")))
        .contains("0 to 1000");
    assertThat(only(steps("- {id: a, signal: x, retry: {strategy: expo}}"))).contains("one of");
    assertThat(only(steps("- {id: a, tool: echo, input: '${1 +}'}"))).contains("steps[0].input");
    assertThat(only(steps("- {id: a, tool: echo, input: {q: ['${inputs.n', 1]}}")))
        .contains("steps[0].input.q[0]: the expression has no closing brace");
    assertThat(only(steps("- {id: a b, signal: x}"))).contains("no step id");
    assertThat(only(steps("- {id: a}"))).contains("needs one of tool, wait");
    assertThat(only(steps("- {signal: x}"))).contains("has no id");
    assertThat(only(steps("- {id: a, loop: {until: true, max_iterations: 2}}")))
        .contains("no plan");
    assertThat(only("steps: [{id: a, signal: s}]")).contains("no name");
    assertThat(only("name: x")).contains("no steps");
    assertThat(only("name: x\nsteps: []")).contains("no steps");
    assertThat(only("name: x\nallow_partial_completion: yes\nsteps: [{id: a, signal: s}]"))
        .contains("write true");
    assertThat(only("name: x\nname: y\nsteps: [{id: a, signal: s}]")).contains("twice");
    assertThat(only("name: x\nsteps:\n\t- id: a")).contains("not with tabs");
    assertThat(only("{\"name\": \"x\", \"steps\": [}"))
        .contains("1:25 this is no valid JSON: Unexpected close marker '}': expected ']'");
  }

  @Test
  void yaml_words_that_look_like_something_else_stay_texts() {
    Plan plan =
        valid(
            """
            name: no
            steps:
              - id: a
                tool: echo
                input: {a: no, b: 2024-01-02, c: 012, d: 1:30, e: 0x1F, f: 1_000, g: !!str 5,
                        h: 1.10, i: ~, j: 12345678901234567890, k: .5, l: on, m: 1e5}
            """);
    assertThat(Json.write(((Action.CallTool) plan.step(0).action()).input().source()))
        .isEqualTo(
            "{\"a\":\"no\",\"b\":\"2024-01-02\",\"c\":\"012\",\"d\":\"1:30\",\"e\":\"0x1F\","
                + "\"f\":\"1_000\",\"g\":\"5\",\"h\":1.10,\"i\":null,\"j\":12345678901234567890,"
                + "\"k\":\".5\",\"l\":\"on\",\"m\":100000}");
  }

  @Test
  void anchors_and_merge_keys_work() {
    Plan plan =
        valid(
            """
            name: x
            steps:
              - &base {id: a, tool: echo, retry: {max_retries: 2}}
              - {<<: *base, id: b}
            """);
    assertThat(plan.step(1).retry().maxRetries()).isEqualTo(2);
    assertThat(plan.step(1).id()).isEqualTo("b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "null",
        "5",
        "[]",
        "x",
        "{",
        "}",
        "- - -",
        "? x",
        "!!java.net.URL [x]",
        "a: &a [*a]",
        "--- \n--- \n",
        "%YAML 9",
        "\u0000",
        "\uFEFF",
        "name: !foo x",
        "{{{{",
        "*a"
      })
  void what_is_no_plan_is_refused(String text) {
    assertThat(mistakes(text)).isNotEmpty();
  }

  @Test
  void hostile_texts_are_refused_promptly() {
    StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      laughs.append(
          "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n"
              .formatted(i, i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1));
    }
    long before = System.nanoTime();
    assertThat(mistakes(laughs.toString())).isNotEmpty();
    assertThat(mistakes("[".repeat(10_000))).isNotEmpty();
    assertThat(mistakes("{".repeat(100_000))).isNotEmpty();
    assertThat(mistakes("{\"a\":".repeat(100_000))).isNotEmpty();
    assertThat(mistakes("- ".repeat(100_000))).isNotEmpty();
    assertThat(mistakes("a: ".repeat(1_000))).isNotEmpty();
    assertThat(mistakes("x".repeat(10_000_000))).isNotEmpty();
    assertThat(mistakes("name: " + "x".repeat(7_000_000))).isNotEmpty();
    assertThat(mistakes("a: b\n".repeat(20_000))).isNotEmpty();
    assertThat(mistakes("name: x\nsteps: [{id: a, tool: echo, input: 1e999999999}]")).isEmpty();
    assertThat(System.nanoTime() - before).isLessThan(30_000_000_000L);
  }

  @Test
  void plans_nest_only_so_deep() {
    String plan = "{name: x, steps: [{id: a, signal: s}]}";
    for (int i = 0; i < 9; i++) {
      plan = "{name: x, steps: [{id: a, plan: " + plan + "}]}";
    }
    assertThat(only(plan)).contains("nest deeper than 8");
  }
}
