package dev.capstan.cli.verb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputsTest {
  @Test
  void text_and_json_are_told_apart() {
    assertThat(Inputs.read(List.of("a=1", "b:=1", "c=x=y", "d:={\"e\":[true]}", "f=", "g=:=")))
        .isEqualTo(
            Json.parse(
                "{\"a\":\"1\",\"b\":1,\"c\":\"x=y\",\"d\":{\"e\":[true]},\"f\":\"\",\"g\":\":=\"}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "=1", ":=1", ""})
  void what_is_no_pair_is_said(String pair) {
    assertThatThrownBy(() -> Inputs.read(List.of(pair)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("name=text or name:=json");
  }

  @Test
  void a_value_that_is_no_json_is_named() {
    assertThatThrownBy(() -> Inputs.read(List.of("a:=[1")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("the value of a is no JSON");
  }
}
