package dev.capstan.plan.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import dev.capstan.plan.Scope;
import dev.capstan.plan.Scopes;
import dev.capstan.plan.Template;
import dev.capstan.plan.Templates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TemplateTest {
  private static final Scope SCOPE =
      Scopes.of(
          """
          {"inputs": {"name": "Ada", "n": 3, "list": [1, 2.50], "nothing": null, "yes": true,
            "o": {"a": "b"}}, "steps": {"s": {"output": 1.10}}}
          """);

  private static Template template(String json) {
    return Templates.template(Json.parse(json));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"${inputs.n}\"' | 3",
        "'\"${ inputs.list }\"' | [1,2.50]",
        "'\"n=${inputs.n}\"' | '\"n=3\"'",
        "'\"${inputs.name}${inputs.n}\"' | '\"Ada3\"'",
        "'\"[${inputs.nothing}]\"' | '\"[]\"'",
        "'\"${inputs.nothing}\"' | null",
        "'\"list: ${inputs.list}\"' | '\"list: [1,2.50]\"'",
        "'\" ${inputs.n}\"' | '\" 3\"'",
        "'\"cost: $5\"' | '\"cost: $5\"'",
        "'\"$${inputs.n}\"' | '\"${inputs.n}\"'",
        "'\"$${x} and ${inputs.n}\"' | '\"${x} and 3\"'",
        "'\"$$${inputs.n}\"' | '\"$${inputs.n}\"'",
        "'{\"a\": {\"b\": [\"${inputs.yes}\", 1]}, \"c\": \"d\"}' | '{\"a\":{\"b\":[true,1]},\"c\":\"d\"}'",
        "'\"${{\\\"k\\\": inputs.n}}\"' | '{\"k\":3}'",
        "'\"a ${\\\"}\\\" & inputs.name} b\"' | '\"a }Ada b\"'",
        "'\"${steps.s.output}\"' | 1.10",
        "'{\"${inputs.name}\": 1}' | '{\"${inputs.name}\":1}'",
      })
  void evaluates_to(String source, String expected) {
    assertThat(template(source).evaluate(SCOPE)).isEqualTo(Json.parse(expected));
  }

  @Test
  void a_template_without_expressions_is_constant_and_is_its_own_value() {
    JsonNode source = Json.parse("{\"a\": [1, \"two\", {\"b\": null}]}");
    Template constant = Templates.template(source);
    assertThat(constant.isConstant()).isTrue();
    assertThat(constant.evaluate(SCOPE)).isSameAs(source);
    assertThat(template("{\"a\": \"$${b}\"}").isConstant()).isTrue();
    assertThat(template("{\"a\": \"${inputs.b}\"}").isConstant()).isFalse();
  }

  @Test
  void knows_the_steps_it_refers_to() {
    assertThat(
            template("{\"a\": \"${steps.x.output}\", \"b\": [\"to ${steps.y.output}!\"]}")
                .stepReferences())
        .containsExactly("x", "y");
  }

  @ParameterizedTest
  @ValueSource(strings = {"${", "${inputs.a", "a ${ b", "${}", "${'}", "${1 +}", "x ${)}"})
  void a_broken_expression_is_refused(String text) {
    assertThatThrownBy(() -> Templates.template(Json.text(text))).isInstanceOf(Refusal.class);
  }

  @Test
  void a_bottomless_value_is_refused() {
    JsonNode node = Json.text("x");
    for (int i = 0; i < 10_000; i++) {
      node = Json.object().set("a", node);
    }
    JsonNode deep = node;
    assertThatThrownBy(() -> Templates.template(deep)).isInstanceOf(Refusal.class);
  }
}
