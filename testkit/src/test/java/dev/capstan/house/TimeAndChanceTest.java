package dev.capstan.house;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeAndChanceTest {
  @Test
  void time_and_chance_are_handed_in() {
    assertThat(TimeAndChance.breaches(House.classes())).isEmpty();
  }

  @Test
  void no_test_sleeps() {
    assertThat(TimeAndChance.sleeps(House.testClasses())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Object it = java.time.Instant.now();",
        "Object it = java.time.LocalDate.now();",
        "Object it = System.nanoTime();",
        "java.util.function.LongSupplier it = System::currentTimeMillis;",
        "Object it = java.time.Clock.systemUTC();",
        "Object it = Math.random();",
        "Object it = new java.util.Random(1);",
        "Object it = java.util.UUID.randomUUID();",
        "static void it() throws Exception { Thread.sleep(1); }",
        "static void it() { Thread.yield(); }",
        "static void it() { Runnable r = () -> Thread.onSpinWait(); }"
      })
  void hidden_time_and_chance_are_found(String member) {
    var planted =
        Planted.classes(
            "dev.capstan.engine.Rogue",
            "package dev.capstan.engine; class Rogue { " + member + " }");
    assertThat(TimeAndChance.breaches(planted)).hasSize(1);
  }

  @Test
  void a_clock_that_was_handed_in_is_fine() {
    var planted =
        Planted.classes(
            "dev.capstan.engine.Fine",
            """
            package dev.capstan.engine;
            record Fine(java.time.Clock clock) {
              Object it() { return java.time.ZonedDateTime.now(clock); }
            }
            """);
    assertThat(TimeAndChance.breaches(planted)).isEmpty();
  }
}
