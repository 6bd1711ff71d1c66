package dev.capstan.plan.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.plan.Scope;
import dev.capstan.plan.Scopes;
import dev.capstan.plan.Templates;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ExpressionTest {
  private static final Scope SCOPE =
      Scopes.of(
          """
          {"inputs": {"name": "Ada", "n": 3, "big": 12345678901234567890123, "exact": 1.10,
             "long": 9007199254740993, "nothing": null, "empty": [],
             "lines": [{"sku": "a", "price": 2.50, "id": 9007199254740993},
                       {"sku": "b", "price": 4.25, "id": 2}],
             "nested": {"deep": {"er": true}}},
           "steps": {"build": {"output": {"version": "1.2", "list": [1, 2]}},
                     "my-step": {"output": 7}, "skipped": {"output": null}},
           "item": {"name": "i"}, "index": 4}
          """);

  private static JsonNode value(String expression) {
    return Templates.expression(expression).evaluate(SCOPE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "inputs.name | '\"Ada\"'",
        "inputs.nested.deep.er | true",
        "inputs.missing | null",
        "inputs.missing.further | null",
        "nowhere.at.all | null",
        "steps.build.output.version | '\"1.2\"'",
        "steps.build.output.list | [1,2]",
        "steps.`my-step`.output | 7",
        "steps.build | '{\"output\":{\"version\":\"1.2\",\"list\":[1,2]}}'",
        "steps.skipped.output | null",
        "steps.unfinished.output.x | null",
        "item.name | '\"i\"'",
        "index + 1 | 5",
        "inputs.lines.sku | '[\"a\",\"b\"]'",
        "inputs.lines[0].price | 2.50",
        "$sum(inputs.lines.price) | 6.75",
        "inputs.lines[price > 3].sku | '\"b\"'",
        "inputs.n = 3 and inputs.name = 'Ada' | true",
        "inputs.n > 2 ? 'many' : 'few' | '\"many\"'",
        "$lookup(steps, 'my-step').output | 7",
        "steps.*.output | '[{\"version\":\"1.2\",\"list\":[1,2]},7,null]'",
        "$map(inputs.lines, function($l) { $l.price * 2 }) | [5,8.5]",
        "$join(inputs.lines.sku, '-') | '\"a-b\"'",
        "$count(inputs.lines) | 2",
        "0.1 + 0.2 | 0.30000000000000004",
        "$$.steps.build.output.version | '\"1.2\"'",
        "{'a': inputs.n, 'b': [inputs.name]} | '{\"a\":3,\"b\":[\"Ada\"]}'",
        "$string(inputs.nested) | '\"{\\\"deep\\\":{\\\"er\\\":true}}\"'",
        "$toMillis('2026-01-02T03:04:05') | 1767323045000",
        "$fromMillis(0) | '\"1970-01-01T00:00:00.000Z\"'",
        "$formatNumber(1234.5, '#,##0.00') | '\"1,234.50\"'",
      })
  void evaluates_what_jsonata_says(String expression, String expected) {
    assertThat(value(expression)).isEqualTo(Json.parse(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "$contains(inputs.name, /^A/) | true",
        "$contains(inputs.name, 'd') | true",
        "$match('a1b22', /[0-9]+/).match | '[\"1\",\"22\"]'",
        "$replace('a1b22', /([0-9])/, '<$1>') | '\"a<1>b<2><2>\"'",
        "$replace('aaa', 'a', 'b', 2) | '\"bba\"'",
        "$replace('x5', /[0-9]/, function($m) { $string($number($m.match) + 1) }) | '\"x6\"'",
        "$split('a, b,c', /, */) | '[\"a\",\"b\",\"c\"]'",
        "$split('a-b-c', '-', 2) | '[\"a\",\"b\"]'",
        "$split('abc', '') | '[\"a\",\"b\",\"c\"]'",
        "$pad('x', -3, '0') | '\"00x\"'",
        "$filter(['ab', 'c'], $contains(?, 'a')) | '\"ab\"'",
        "\"b,a\" ~> $split(',') ~> $sort() | '[\"a\",\"b\"]'",
      })
  void the_text_functions_do_as_jsonatas_own(String expression, String expected) {
    assertThat(value(expression)).isEqualTo(Json.parse(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "$contains($pad('', 3000000, 'a'), $pad('', 1500000, 'a') & 'b') | false",
        "$contains($pad('', 3000000, 'a') & 'b', $pad('', 1500000, 'a') & 'b') | true",
        "$count($split($pad('', 3000000, 'a'), $pad('', 1500000, 'a') & 'b')) | 1",
        "$count($split($pad('', 4000, 'ab'), $pad('', 40, 'ab'))) | 101",
        "$length($substringBefore($pad('', 3000000, 'a'), $pad('', 1500000, 'a') & 'b')) | 3000000",
        "$substringAfter($pad('', 3000000, 'a') & 'bc', $pad('', 1500000, 'a') & 'b') | '\"c\"'",
        "$substringBefore('a-b', '-') & $substringAfter('a-b', '-') | '\"ab\"'",
        "$substringBefore('a-b', 'x') & $substringAfter('a-b', '') | '\"a-ba-b\"'",
        "$length($uppercase($pad('', 200000, 'ß'))) | 400000",
        "$length($lowercase($pad('', 200000, 'İ'))) | 400000",
        "$uppercase('straße') & $lowercase('ΟΔΟΣ I') | '\"STRASSEοδος i\"'",
        "$uppercase($pad('', 2001, '😀')) = $pad('', 2001, '😀') | true",
      })
  void long_texts_take_no_longer_than_their_length(String expression, String expected) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> assertThat(value(expression)).isEqualTo(Json.parse(expected)));
  }

  @Test
  void numbers_that_pass_through_stay_exact() {
    assertThat(value("inputs.big")).isEqualTo(Json.parse("12345678901234567890123"));
    assertThat(value("[inputs.big][0]")).isEqualTo(Json.parse("12345678901234567890123"));
    assertThat(value("inputs.lines[sku = 'a'].id")).isEqualTo(Json.parse("9007199254740993"));
    assertThat(value("{'x': inputs.exact}")).isEqualTo(Json.parse("{\"x\": 1.10}"));
    assertThat(value("inputs.lines[0]").get("price")).isEqualTo(Json.parse("2.50"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "inputs.nothing | false",
        "0 | false",
        "\"\" | false",
        "[] | false",
        "{} | false",
        "false | false",
        "inputs.missing | false",
        "[0] | false",
        "[0, 1] | true",
        "\"false\" | true",
        "0.5 | true",
        "inputs.nested | true",
        "$sum | false",
      })
  void holds_as_jsonatas_boolean(String expression, boolean expected) {
    if (expression.equals("$sum")) {
      assertThatThrownBy(() -> Templates.expression(expression).holds(SCOPE))
          .isInstanceOf(Refusal.class);
    } else {
      assertThat(Templates.expression(expression).holds(SCOPE)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "steps.a.output.x + steps.`b-c`.output | a b-c",
        "$sum(steps.a.output.list) | a",
        "steps[\"a\"].output | a",
        "$lookup(steps, 'a') | a",
        "$$.steps.a.output | a",
        "inputs.steps.a | ''",
        "\"steps.a\" | ''",
        "/* steps.a */ 1 | ''",
        "inputs.list[steps.a] | ''",
        "inputs.list[$$.steps.a.output = x] | a",
        "$map(inputs.l, function($v) { $v & steps.a.output }) | a",
        "steps | ''",
        "$lookup(steps, inputs.x) | ''",
        "steps.a.output ? steps.b.output : steps.c.output | a b c",
        "{'x': steps.a.output} | a",
        "(steps.a).output | a",
      })
  void finds_the_steps_it_refers_to(String expression, String expected) {
    assertThat(String.join(" ", Templates.expression(expression).stepReferences()))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "($f := function($x) { $f($x) }; $f(1))",
        "($f := function($x) { 1 + $f($x) }; $f(1))",
        "[1..1000000000]",
        "$sum([1..9999999])",
        "[1..9000000].($ * 2)",
        "$pad('x', 1000000000)",
        "$pad('x', -2147483648)",
        "$match($pad('a', 3000, 'a'), /(.*)(.*)(.*)(.*)c/)",
        "$contains($pad('', 3000000, 'a'), /(a|b|ab)*c/)",
        "$replace($pad('', 100000, 'a'), /a/, $pad('', 100000, 'b'))",
        "($a := [1..100]; $b := $map($a, function($x) { $a }); $c := $map($a, function($x) { $b });"
            + " $d := $map($a, function($x) { $c }); $string($d))",
        "($f := function($s) { $f($s & $s) }; $f('xxxx'))",
        "($f := function($s) { $f([$s, $s]) }; $f('xxxx'))",
        "($f := function($s) { $f($append($s, $s)) }; $f([1, 2]))",
        "$join($map([1..100000], function($x) { $pad('', 10000, 'y') }))",
        "$split($pad('', 4000000, 'a'), '')",
        "[1..900000][[1..900000]]",
        "$fromMillis(0, '[Y,*-1000000]')",
        "$fromMillis(0, '[Y, 1 000 000 - 1000000]')",
        "$fromMillis(0, $pad('', 300000, '[Y]'))",
        "$toMillis('2020', '[Y,1000000-1000000]')",
        "$error('no')",
        "$sqrt(-1)",
        "1 + 'a'",
        "1 / 0",
        "$power(10, 400)",
        "$sum",
        "function($x) { $x }",
        "$toMillis('1111111111111111111111111111111111111x', '[Y][M][D][H][m][s][f]')",
        "[1, ($f := function($x) { $f($x) }; $f(1))]",
      })
  void what_costs_too_much_or_cannot_be_computed_is_refused_promptly(String expression) {
    long before = System.nanoTime();
    assertThatThrownBy(() -> value(expression))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal ->
                assertThat(refusal.problem().code()).isEqualTo(ProblemCode.EXPRESSION_FAILED));
    assertThat(System.nanoTime() - before).isLessThan(10_000_000_000L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "inputs.",
        "1 +",
        "(",
        "a)",
        "'open",
        "`open",
        "/* open",
        "/open",
        "\"\\q\"",
        "$now()",
        "$millis()",
        "$random()",
        "$shuffle([1])",
        "$eval('1')",
        "'a' ~> /a/",
        "($r := /a/; $r('a'))",
        "($match := function($s, $r) { $s ~> $r }; $match('a', /a/))",
        "function($x)<n:n> { $x }(1)",
        "/((/",
        "$match('a', /(/)",
        "a := 1",
        "|",
        "{",
        "1 = = 2",
      })
  void what_does_not_parse_is_an_invalid_plan(String expression) {
    assertThatThrownBy(() -> Templates.expression(expression))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.problem().code()).isEqualTo(ProblemCode.INVALID_PLAN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "{'a':", "- ", "a ? b : ", "$x := ", "1 + ", "a.", "a & "})
  void deep_nesting_is_refused(String repeated) {
    for (int times : new int[] {50, 500, 2_000, 100_000}) {
      String expression = repeated.repeat(times) + "1";
      try {
        value(expression);
      } catch (Refusal refused) {
        assertThat(refused.problem().code())
            .isIn(ProblemCode.INVALID_PLAN, ProblemCode.EXPRESSION_FAILED);
      }
    }
  }

  @Test
  void an_expression_is_evaluated_by_many_threads_at_once() throws Exception {
    var expression = Templates.expression("$sum($map(inputs.lines, function($l) { $l.price }))");
    Callable<JsonNode> many =
        () -> {
          JsonNode last = expression.evaluate(SCOPE);
          for (int i = 0; i < 500; i++) {
            last = expression.evaluate(SCOPE);
            value("inputs.lines[price > 3].sku & '" + i + "'");
          }
          return last;
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<JsonNode> result :
          threads.invokeAll(List.of(many, many, many, many, many, many))) {
        assertThat(result.get()).isEqualTo(Json.parse("6.75"));
      }
    }
  }

  @Test
  void the_thread_that_parsed_can_evaluate_for_ever() {
    var expression = Templates.expression("$sum(inputs.lines.price) + 1");
    for (int i = 0; i < 50_000; i++) {
      expression.evaluate(SCOPE);
    }
    assertThat(expression.evaluate(SCOPE)).isEqualTo(Json.parse("7.75"));
  }

  @Test
  void a_mistake_says_where_in_the_expression_it_is() {
    assertThatThrownBy(() -> Templates.expression("inputs.a + $now()"))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.problem().mistakes().getFirst().column()).isEqualTo(12));
  }
}
