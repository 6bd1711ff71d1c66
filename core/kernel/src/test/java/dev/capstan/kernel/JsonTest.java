package dev.capstan.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class JsonTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"1e390", "-1e-390", "1.5e300", "0e-300", "12345678901234567890.10", "1E+2"})
  void whatever_number_is_read_can_be_written_and_read_again(String text) {
    JsonNode read = Json.parse(text);
    assertThat(Json.parse(Json.write(read)).decimalValue()).isEqualByComparingTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e400", "1e-400", "1e999999999", "-1E-2147483647", "[{\"a\":1e5000}]"})
  void a_number_that_could_be_written_and_never_read_again_is_refused(String text) {
    assertThatThrownBy(() -> Json.parse(text))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("invalid_request");
  }

  @Test
  void nor_can_such_a_number_be_made() {
    assertThatThrownBy(() -> Json.number(new BigDecimal("1e9999"))).isInstanceOf(Refusal.class);
  }
}
