package dev.capstan.tools.calculator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.tools.Calls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CalculatorTest {
  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "2 + 3 | 5",
        "(17+25)*3 | 126",
        "0.1+0.2 | 0.3",
        "1.10 + 2.20 | 3.3",
        "10 - 2 - 3 | 5",
        "2 + 3 * 4 | 14",
        "100 / 10 / 5 | 2",
        "1/8 | 0.125",
        "1/3 | 0.3333333333333333333333333333333333",
        "1/3*3 | 0.9999999999999999999999999999999999",
        "10 % 3 | 1",
        "-10 % 3 | -1",
        "mod(-10, 3) | 2",
        "mod(10, -3) | -2",
        "5.5 % 2 | 1.5",
        "2^10 | 1024",
        "2^3^2 | 512",
        "-2^2 | -4",
        "(-2)^2 | 4",
        "2^-1 | 0.5",
        "2^-1*4 | 2",
        "2*-3 | -6",
        "2--3 | 5",
        "--5 | 5",
        "3 - -3 | 6",
        "4^0.5 | 2",
        "8^(1/3) | 2",
        "0^0 | 1",
        "(-1)^1000000000001 | -1",
        "1.5e3 | 1500",
        "2E-2 | 0.02",
        "1e+2 | 100",
        ".5 + 5. | 5.5",
        "100 | 100",
        "1000000 * 1000000 | 1000000000000",
        "6 × 7 ÷ 2 − 1 | 20",
        "sqrt(16) | 4",
        "sqrt(2) | 1.414213562373095048801688724209698",
        "abs(-3) | 3",
        "min(3, 1, 2) | 1",
        "max(3, 1, 2) | 3",
        "round(2.5) | 3",
        "round(-2.5) | -3",
        "round(3.14159, 2) | 3.14",
        "round(1234, -2) | 1200",
        "floor(-1.5) | -2",
        "ceil(-1.5) | -1",
        "pow(2, 8) | 256",
        "round(ln(e), 30) | 1",
        "ln(10) | 2.302585092994045684017991454684364",
        "log10(1000) | 3",
        "log10(0.001) | -3",
        "log10(2) | 0.301029995663981195213738894724493",
        "exp(0) | 1",
        "exp(1) | 2.718281828459045235360287471352662",
        "exp(-1) | 0.3678794411714423215955237701614609",
        "sum(1, 2, 3) | 6",
        "avg(1, 2, 3, 4) | 2.5",
        "pi | 3.141592653589793238462643383279503",
        "SQRT(PI * 0 + 9) | 3",
        "((((1)))) | 1",
        "(1/3)^20*0 | 0",
        "-0 | 0",
        "0.00 | 0",
        "1 - 1.000 | 0",
        "123456789012345678901234567890 + 1 | 123456789012345678901234567891",
      })
  void computes(String expression, String result) throws InterruptedException {
    assertThat(text(expression)).isEqualTo(result);
  }

  @ParameterizedTest(name = "{0} is refused: {1}")
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "2 + + |expected a number at 5: '2 + + '",
        "1 / 0|division by zero at 3: '1 / 0'",
        "10 / 0|division by zero at 4: '10 / 0'",
        "2 +|expected a number at 4, the end: '2 +'",
        "(1 + 2|expected ')' at 7, the end: '(1 + 2'",
        "1 + 2)|expected no ')' without a '(' at 6: '1 + 2)'",
        "2 3|expected an operator at 3: '2 3'",
        "2(3)|expected an operator at 2: '2(3)'",
        "1_000|expected an operator at 2: '1_000'",
        "1,000|expected an operator at 2: '1,000'",
        "sqrt 4|expected '(' after sqrt at 6: 'sqrt 4'",
        "sqrt()|expected a number at 6: 'sqrt()'",
        "sqrt(1,2)|sqrt takes 1 arguments and has 2 at 1: 'sqrt(1,2)'",
        "1 + sqrt(-1)|the square root of a negative number at 5: '1 + sqrt(-1)'",
        "ln(0)|the logarithm of a number that is not positive at 1: 'ln(0)'",
        "(-8)^(1/3)|a negative number to a power that is not whole at 5: '(-8)^(1/3)'",
        "0^-1|division by zero at 2: '0^-1'",
        "5 % 0|division by zero at 3: '5 % 0'",
        "9^9^9^9|a number with more than 300 digits at 4: '9^9^9^9'",
        "1e999|a number with more than 300 digits at 1: '1e999'",
        "1e-999|a number with more than 300 digits after its point at 1: '1e-999'",
        "1e9999999|an exponent of more than 6 digits at 3: '1e9999999'",
        ".|expected a number at 1: '.'",
        "1 @ 2|expected an operator at 3: '1 @ 2'",
        "２+１|expected a number at 1: '２+１'",
      })
  void says_what_is_wrong_and_where(String expression, String words) throws InterruptedException {
    var failure = Calls.failure(new Calculator(), Calls.of(input(expression)));
    assertThat(failure.problem().detail()).isEqualTo(words);
    assertThat(failure.problem().code()).isEqualTo(ProblemCode.INVALID_INPUT);
    assertThat(failure.retryable()).isFalse();
    assertThat(failure.problem().mistakes()).hasSize(1);
  }

  @Test
  void an_unknown_name_is_answered_with_those_there_are() throws InterruptedException {
    assertThat(Calls.problem(new Calculator(), Calls.of(input("2 * cos(1)"))).detail())
        .startsWith("an unknown name; there are pi, e and the functions abs, avg, ceil")
        .contains("at 5: '2 * cos(1)'");
  }

  @Test
  void the_result_is_an_exact_json_number() throws InterruptedException {
    assertThat(Calls.output(new Calculator(), Calls.of(input("0.1 + 0.2"))).toString())
        .isEqualTo("{\"result\":0.3,\"text\":\"0.3\"}");
    assertThat(Calls.output(new Calculator(), Calls.of(input("1e20"))).toString())
        .isEqualTo("{\"result\":100000000000000000000,\"text\":\"100000000000000000000\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9^9^9",
        "2^-9999999999",
        "1.0000001^1e15",
        "0.5^1000000",
        "exp(9999)",
        "exp(-9999)"
      })
  void what_would_be_too_long_is_refused(String expression) throws InterruptedException {
    assertThat(Calls.problem(new Calculator(), Calls.of(input(expression))).code())
        .isEqualTo(ProblemCode.INVALID_INPUT);
  }

  @Test
  void nesting_is_bounded_and_length_too() throws InterruptedException {
    for (String deep :
        new String[] {"(".repeat(1_000), "-".repeat(1_000), "2^".repeat(499) + "2"}) {
      assertThat(Calls.problem(new Calculator(), Calls.of(input(deep))).detail())
          .startsWith("nesting deeper than 100");
    }
    assertThat(text("(".repeat(50) + "1" + ")".repeat(50))).isEqualTo("1");
    assertThat(text("1+".repeat(499) + "1")).isEqualTo("500");
    assertThat(Calls.problem(new Calculator(), Calls.of(input("1+".repeat(500) + "1"))).detail())
        .startsWith("an expression longer than 1000 characters");
  }

  @Test
  void a_long_expression_is_shown_around_its_mistake() throws InterruptedException {
    assertThat(
            Calls.problem(
                    new Calculator(), Calls.of(input("1+".repeat(200) + "x" + "+1".repeat(99))))
                .detail())
        .contains("at 401: '…")
        .contains("+x+")
        .endsWith("…'");
  }

  private static String text(String expression) throws InterruptedException {
    var output = Calls.output(new Calculator(), Calls.of(input(expression)));
    assertThat(output.path("result").decimalValue().toPlainString())
        .isEqualTo(output.path("text").asString());
    return output.path("text").asString();
  }

  private static tools.jackson.databind.JsonNode input(String expression) {
    return Json.object().put("expression", expression);
  }
}
