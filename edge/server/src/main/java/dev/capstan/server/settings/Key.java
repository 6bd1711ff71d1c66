package dev.capstan.server.settings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys that there are: the path in {@code config.yaml} and the environment's name. */
enum Key {
  HOME(null, "CAPSTAN_HOME"),
  PORT("server.port", "CAPSTAN_PORT"),
  BIND("server.bind", "CAPSTAN_BIND"),
  DATABASE("database.url", "DATABASE_URL"),
  MODELS("models.config", "CAPSTAN_CONFIG"),
  PLANNER("planner.order", "CAPSTAN_PLANNER"),
  PLANNER_MODEL("planner.model", "CAPSTAN_PLANNER_MODEL"),
  CREWS("models.crews", "CAPSTAN_CREWS"),
  CONCURRENT_RUNS("engine.max_concurrent_workflows", "MAX_CONCURRENT_WORKFLOWS"),
  CONCURRENT_STEPS("engine.max_concurrent_steps", "MAX_CONCURRENT_STEPS"),
  QUEUED_RUNS("engine.max_queued_workflows", "MAX_QUEUED_WORKFLOWS"),
  MAX_RETRIES("retry_policy.max_retries", "MAX_RETRIES"),
  STRATEGY("retry_policy.strategy", null),
  BASE_DELAY("retry_policy.base_delay", "RETRY_BASE_DELAY"),
  MAX_DELAY("retry_policy.max_delay", "RETRY_MAX_DELAY"),
  JITTER("retry_policy.jitter", null),
  METRICS("monitoring.enable_metrics", "ENABLE_METRICS"),
  LOGGING("monitoring.enable_logging", null),
  LOG_LEVEL("monitoring.log_level", "LOG_LEVEL"),
  TRACES("monitoring.otlp_endpoint", "OTEL_EXPORTER_OTLP_ENDPOINT"),
  RETENTION("journal.retention", "CAPSTAN_RETENTION"),
  MEMORY_TYPE("memory.type", null),
  MEMORY_URL("memory.url", "CHROMA_URL"),
  MEMORY_HALF_LIFE("memory.half_life", null),
  MEMORY_MOST("memory.most_per_group", null),
  HTTP_ALLOW("http.allow", "CAPSTAN_HTTP_ALLOW"),
  HTTP_ALLOW_PRIVATE("http.allow_private", "CAPSTAN_HTTP_ALLOW_PRIVATE");

  private final @Nullable String path;
  private final @Nullable String variable;

  Key(@Nullable String path, @Nullable String variable) {
    this.path = path;
    this.variable = variable;
  }

  @Nullable String path() {
    return path;
  }

  @Nullable String variable() {
    return variable;
  }

  static Optional<Key> ofPath(String path) {
    return Arrays.stream(values()).filter(key -> path.equals(key.path)).findFirst();
  }

  /** Every variable of the environment, those of the launcher and the command line included. */
  static List<String> variables() {
    List<String> variables =
        new ArrayList<>(
            List.of(
                "CAPSTAN_URL",
                "CAPSTAN_TERMINAL",
                "CAPSTAN_LEARN",
                "CAPSTAN_START_TENTHS",
                "CAPSTAN_CHECK_THREADS"));
    for (Key key : values()) {
      if (key.variable != null) {
        variables.add(key.variable);
      }
    }
    return variables;
  }

  /** Every path in {@code config.yaml}. */
  static List<String> paths() {
    return Arrays.stream(values()).flatMap(key -> Optional.ofNullable(key.path).stream()).toList();
  }
}
