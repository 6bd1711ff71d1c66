package dev.capstan.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretTest {
  private final Secret key = Secret.of(" sk-planted-1\n");

  @Test
  void it_shows_itself_only_to_who_asks_by_name() {
    assertThat(key.reveal()).isEqualTo("sk-planted-1");
    assertThat(key).hasToString("[secret]");
    assertThat(String.valueOf(java.util.List.of(key))).doesNotContain("planted");
    assertThat(Json.write(key)).doesNotContain("planted");
  }

  @Test
  void it_is_struck_from_what_others_echo() {
    assertThat(key.struckFrom("Incorrect API key provided: sk-planted-1."))
        .isEqualTo("Incorrect API key provided: [secret].");
    assertThat(Secret.of("").struckFrom("as it is")).isEqualTo("as it is");
  }
}
