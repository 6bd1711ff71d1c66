package dev.capstan.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTest {
  @ParameterizedTest
  @CsvSource({
    "0.25,0.25",
    "1,1",
    "100.0,100",
    "0.000000000001,0.000000000001",
    "1e3,1000",
    "-2.50,-2.5"
  })
  void dollars_are_read_and_written_exactly(String text, String written) {
    assertThat(Money.dollars(text)).hasToString(written);
    assertThat(Json.mapper().writeValueAsString(Money.dollars(text)))
        .isEqualTo('"' + written + '"');
  }

  @Test
  void a_third_of_nothing_is_lost_when_a_price_is_multiplied() {
    // $0.15 per million tokens
    Money token = Money.dollars("0.00000015");
    assertThat(token.times(1_000_000)).isEqualTo(Money.dollars("0.15"));
    assertThat(token.times(7).plus(token.times(3)).minus(token.times(10))).isEqualTo(Money.ZERO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a lot", "0.0000000000001", "9300000", "1e400", "NaN"})
  void what_is_no_amount_is_refused(String text) {
    assertThatThrownBy(() -> Money.dollars(text)).isInstanceOf(Refusal.class);
  }

  @Test
  void an_amount_that_does_not_fit_is_never_wrapped_around() {
    Money most = new Money(Long.MAX_VALUE);
    assertThatThrownBy(() -> most.plus(new Money(1))).isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> most.times(2)).isInstanceOf(ArithmeticException.class);
  }
}
