package dev.capstan.kernel.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "\"90s\", PT1M30S", "\"1m30s\", PT1M30S", "\"250ms\", PT0.25S", "\"2h\", PT2H", "\"3d\", PT72H",
    "\"PT5M\", PT5M", "\"P3D\", PT72H", "90, PT1M30S", "0.5, PT0.5S", "\"1d 2h 3m 4s\", PT26H3M4S",
    "\"1.5s\", PT1.5S", "\"90\", PT1M30S", "0, PT0S"
  })
  void reads(String json, String expected) {
    assertThat(Durations.read(Json.parse(json))).contains(Duration.parse(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"", "\"soon\"", "\"5\\u0665s\"", "-1", "\"-5s\"", "\"PT-5S\"", "\"5 minutes\"", "true",
        "null", "[]", "1e390", "\"999999999d\"", "\"s\"", "\"1s1m\"", "4e9", "\"P1Y\""
      })
  void refuses(String json) {
    assertThat(Durations.read(Json.parse(json))).isEmpty();
  }
}
