package dev.capstan.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.engine.step.Tool;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.plan.Effect;
import dev.capstan.plan.ToolSpec;
import dev.capstan.tools.calculator.Calculator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ToolRegistryTest {
  enum Tone {
    WARM,
    COLD
  }

  record Greeting(
      String firstName, @Nullable Tone tone, List<Integer> lots, Map<String, Boolean> flags) {}

  record Greeted(String text) {}

  private static final Tool GREET =
      Tools.pure(
          "greet",
          "Greets someone.",
          Greeting.class,
          Greeted.class,
          (greeting, call) -> new Greeted("hello " + greeting.firstName()));

  private final ToolRegistry registry = ToolRegistry.of(GREET, new Echo(), new Calculator());

  @Test
  void tools_are_found_by_name_and_listed_in_order() {
    assertThat(registry.tool("echo")).isPresent();
    assertThat(registry.tool("ECHO")).isEmpty();
    assertThat(registry.spec("nothing")).isEmpty();
    assertThat(registry.specs())
        .extracting(ToolSpec::name)
        .containsExactly("calculator", "echo", "greet");
  }

  @Test
  void a_record_is_a_schema() {
    assertThat(registry.spec("greet").orElseThrow().input().toString())
        .isEqualTo(
            "{\"type\":\"object\",\"required\":[\"first_name\",\"lots\",\"flags\"],\"properties\":"
                + "{\"first_name\":{\"type\":\"string\"},\"tone\":{\"enum\":[\"WARM\",\"COLD\"]},"
                + "\"lots\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}},"
                + "\"flags\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"boolean\"}}},"
                + "\"additionalProperties\":false}");
  }

  @Test
  void a_tool_of_records_is_called_with_records() throws InterruptedException {
    assertThat(
            Calls.output(
                    tool("greet"), Calls.of("{\"first_name\":\"Ada\",\"lots\":[],\"flags\":{}}"))
                .toString())
        .isEqualTo("{\"text\":\"hello Ada\"}");
  }

  @Test
  void every_mistake_of_an_input_is_named_with_its_place() throws InterruptedException {
    var problem =
        Calls.problem(
            tool("greet"),
            Calls.of("{\"tone\":\"HOT\",\"lots\":[1,\"x\"],\"flags\":{\"a\":1},\"b\":1}"));
    assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_INPUT);
    assertThat(problem.mistakes())
        .extracting(Mistake::toString)
        .containsExactlyInAnyOrder(
            "first_name: is missing",
            "tone: must be one of [\"WARM\",\"COLD\"]",
            "lots[1]: string found, integer expected",
            "flags.a: integer found, boolean expected",
            "b: is not known here");
    assertThat(problem.detail()).startsWith("the input of greet does not fit its schema: ");
  }

  @Test
  void what_fits_the_schema_and_not_the_type_is_refused() throws InterruptedException {
    assertThat(
            Calls.problem(
                    tool("greet"),
                    Calls.of("{\"first_name\":\"A\",\"lots\":[99999999999],\"flags\":{}}"))
                .code())
        .isEqualTo(ProblemCode.INVALID_INPUT);
  }

  @Test
  void a_wrong_output_is_the_tools_defect_and_not_tried_again() throws InterruptedException {
    var spec =
        new ToolSpec(
            "liar", "Lies.", Json.object(), Json.parse("{\"type\":\"string\"}"), Effect.PURE);
    var liar = ToolRegistry.of(Tools.of(spec, call -> Json.number(3)));
    var failure = Calls.failure(liar.tool("liar").orElseThrow(), Calls.of("{}"));
    assertThat(failure.problem().code()).isEqualTo(ProblemCode.TOOL_FAILED);
    assertThat(failure.retryable()).isFalse();
    assertThat(failure.problem().detail()).contains("the output of liar").contains("string");
  }

  @Test
  void two_tools_of_one_name_are_refused() {
    assertThatThrownBy(() -> ToolRegistry.of(new Echo(), new Echo()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("two tools are called echo");
    assertThatThrownBy(() -> registry.with(List.of(new Echo())))
        .hasMessage("two tools are called echo");
    assertThat(ToolRegistry.of(new Echo()).with(List.of(new Calculator())).specs()).hasSize(2);
  }

  @Test
  void names_that_no_step_could_use_are_refused() {
    for (String name : List.of("", "a b", "1a", "ä", "a".repeat(65), "../x")) {
      assertThatThrownBy(() -> ToolRegistry.of(named(name, Json.object())))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void a_schema_never_leads_to_the_network_or_to_a_file() {
    for (String ref :
        List.of(
            "http://127.0.0.1:1/s.json",
            "https://example.com/s",
            "file:///etc/passwd",
            "classpath:dev/capstan/x.json",
            "other.json")) {
      var schema = Json.object().put("$ref", ref);
      assertThatThrownBy(() -> ToolRegistry.of(named("t", schema)))
          .as(ref)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("the tool t: no JSON schema: ");
    }
  }

  @Test
  void a_reference_inside_the_schema_is_followed() throws InterruptedException {
    var schema = Json.parse("{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":\"string\"}}}");
    var tool = ToolRegistry.of(named("t", schema)).tool("t").orElseThrow();
    assertThat(Calls.problem(tool, Calls.of("1")).code()).isEqualTo(ProblemCode.INVALID_INPUT);
    assertThat(Calls.output(tool, Calls.of("\"x\"")).asString()).isEqualTo("x");
  }

  record Loop(List<Loop> inner) {}

  record Strange(Thread thread) {}

  @Test
  void records_without_a_schema_are_refused() {
    assertThatThrownBy(() -> Tools.pure("t", "", Loop.class, Greeted.class, (in, call) -> null))
        .hasMessageContaining("holds itself");
    assertThatThrownBy(() -> Tools.once("t", "", Strange.class, Greeted.class, (in, call) -> null))
        .hasMessageContaining("java.lang.Thread");
  }

  private static Tool named(String name, tools.jackson.databind.JsonNode input) {
    return Tools.of(
        new ToolSpec(name, "", input, Json.object(), Effect.IDEMPOTENT), call -> call.input());
  }

  private Tool tool(String name) {
    return registry.tool(name).orElseThrow();
  }
}
