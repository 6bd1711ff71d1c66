package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.server.drill.Lessons;
import dev.capstan.server.drill.Vendor;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lessons of the build are answered as they should be: else it would learn from refusals. */
class DrillIT {
  @TempDir Path home;

  @Test
  void every_lesson_passes_and_the_crowd_went_through_the_gateway_to_the_vendor() throws Exception {
    try (Vendor vendor = Vendor.open()) {
      vendor.configure(home);
      try (TestHouse house = TestHouse.open(home);
          Lessons lessons = new Lessons(house.port(), CapstanServer.realTime())) {
        lessons.play(home, 40, Duration.ofSeconds(30));
        double asked =
            house
                .get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("llm_api_calls_total"))
                .filter(line -> line.contains("vendor") && line.contains("success"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
        assertThat(asked).as("whole and streamed").isEqualTo(60);
      }
    }
  }
}
