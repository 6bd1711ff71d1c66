package dev.capstan.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Refusal;
import dev.capstan.plan.RetryPolicy;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  /** As the deployment guide gives it. */
  private static final String DOCUMENTED =
      """
      engine:
        max_concurrent_workflows: 100
      rate_limiting:
        requests_per_minute: 100
      cost_tracking:
        model_costs:
          gpt-4: {input: 0.03, output: 0.06}
      retry_policy:
        max_retries: 3
        strategy: exponential_backoff
        base_delay: 1.0
        max_delay: 60.0
        jitter: true
      monitoring:
        enable_metrics: true
        enable_logging: true
        metrics_interval: 60.0
      """;

  @TempDir Path home;

  private Settings read(String... variables) {
    Map<String, String> environment = new HashMap<>();
    environment.put("CAPSTAN_HOME", home.toString());
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    return Settings.read(environment);
  }

  private List<String> mistakes(String... variables) {
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> read(variables));
    return refusal.problem().mistakes().stream().map(Mistake::toString).toList();
  }

  private void file(String name, String text) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }

  @Test
  void the_defaults_need_nothing_set() {
    Settings settings = read();

    assertThat(settings.home()).isEqualTo(home);
    assertThat(settings.door().port()).isEqualTo(8080);
    assertThat(settings.door().bind().isLoopbackAddress()).isTrue();
    assertThat(settings.database()).isNull();
    assertThat(settings.isMemory()).isFalse();
    assertThat(settings.work()).isEqualTo(new Settings.Work(2_000, 4_000, 1_000_000));
    assertThat(settings.retry()).isNull();
    assertThat(settings.monitoring()).isEqualTo(new Settings.Monitoring("INFO", true, null));
    assertThat(settings.outside()).isEqualTo(new Settings.Outside("", ""));
  }

  @Test
  void every_variable_of_the_environment_arrives() {
    Settings settings =
        read(
            "CAPSTAN_PORT", "9001",
            "CAPSTAN_BIND", "127.0.0.1",
            "DATABASE_URL", "memory",
            "CAPSTAN_RETENTION", "90d",
            "CAPSTAN_HTTP_ALLOW", "a.example",
            "CAPSTAN_HTTP_ALLOW_PRIVATE", "localhost:9000",
            "MAX_CONCURRENT_WORKFLOWS", "50",
            "MAX_CONCURRENT_STEPS", "70",
            "MAX_QUEUED_WORKFLOWS", "0",
            "MAX_RETRIES", "5",
            "RETRY_BASE_DELAY", "0.5",
            "RETRY_MAX_DELAY", "2m",
            "ENABLE_METRICS", "no",
            "LOG_LEVEL", "warning",
            "OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318");

    assertThat(settings.door().port()).isEqualTo(9001);
    assertThat(settings.isMemory()).isTrue();
    assertThat(settings.retention()).isEqualTo(Duration.ofDays(90));
    assertThat(settings.outside()).isEqualTo(new Settings.Outside("a.example", "localhost:9000"));
    assertThat(settings.work()).isEqualTo(new Settings.Work(50, 70, 0));
    assertThat(settings.work().limits().maxConcurrentRuns()).isEqualTo(50);
    assertThat(settings.retry())
        .isEqualTo(
            new RetryPolicy(
                5,
                RetryPolicy.Strategy.EXPONENTIAL_BACKOFF,
                Duration.ofMillis(500),
                Duration.ofMinutes(2),
                true));
    assertThat(settings.monitoring())
        .isEqualTo(new Settings.Monitoring("WARN", false, URI.create("http://localhost:4318")));
  }

  @Test
  void the_documented_file_is_read_and_what_comes_later_is_read_over() throws IOException {
    file("config/production.yaml", DOCUMENTED);

    Settings settings = read();

    assertThat(settings.work().maxConcurrentRuns()).isEqualTo(100);
    assertThat(settings.monitoring().metrics()).isTrue();
    assertThat(settings.retry())
        .isEqualTo(
            new RetryPolicy(
                3,
                RetryPolicy.Strategy.EXPONENTIAL_BACKOFF,
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                true));
  }

  @Test
  void the_environment_outdoes_the_folder_and_the_folder_outdoes_the_file() throws IOException {
    file("config.yaml", "server: {port: 1}\nengine: {max_concurrent_steps: 5}\n");
    file("config/a.yaml", "server: {port: 2}\nengine: {max_concurrent_workflows: 7}\n");
    file("config/b.yaml", "engine: {max_concurrent_workflows: 8}\n");

    Settings settings = read("CAPSTAN_PORT", "3");

    assertThat(settings.door().port()).isEqualTo(3);
    assertThat(settings.work()).isEqualTo(new Settings.Work(8, 5, 1_000_000));
  }

  @Test
  void all_mistakes_are_named_at_once_with_what_was_meant() throws IOException {
    file("config.yaml", "engine: {max_concurent_workflows: 5}\nserver: {port: x}\n");

    assertThat(mistakes("CAPSTAN_PROT", "1", "CAPSTAN_BIND", "0.0.0.0", "LOG_LEVEL", "LOUD"))
        .hasSize(5)
        .anyMatch(said -> said.contains("did you mean 'engine.max_concurrent_workflows'?"))
        .anyMatch(said -> said.startsWith("server.port: must be a whole number"))
        .anyMatch(said -> said.contains("did you mean 'CAPSTAN_PORT'?"))
        .anyMatch(said -> said.contains("'0.0.0.0' can be reached from elsewhere"))
        .anyMatch(said -> said.startsWith("LOG_LEVEL: must be one of"));
  }

  @Test
  void broken_files_are_mistakes_and_no_defects() throws IOException {
    file("config.yaml", "a: [1, \nb: }");
    assertThat(mistakes()).singleElement().asString().contains("is no valid YAML");

    file("config.yaml", "- 1\n");
    assertThat(mistakes()).singleElement().asString().contains("must hold keys and values");
  }

  @Test
  void runs_are_kept_for_ever_unless_a_day_or_more_is_named() {
    assertThat(read().retention()).isNull();
    assertThat(read("CAPSTAN_RETENTION", "forever").retention()).isNull();
    assertThat(mistakes("CAPSTAN_RETENTION", "12h"))
        .singleElement()
        .asString()
        .contains("CAPSTAN_RETENTION", "a day or more such as 90d");
    assertThat(mistakes("CAPSTAN_RETENTION", "soon")).hasSize(1);
  }
}
