package dev.capstan.llm.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Breaker;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Money;
import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.config.GatewaySettings.Read;
import dev.capstan.llm.config.ModelSettings.Choice;
import dev.capstan.llm.stage.Retries;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GatewayReaderTest {
  private static final Map<String, String> KEYS =
      Map.of("OPENAI_API_KEY", "sk-planted", "ANTHROPIC_API_KEY", "sk-ant-planted");

  private static final String WHOLE =
      """
      providers:
        openai-main:
          type: openai
          api_key_env: OPENAI_API_KEY
          timeout: 20s
          idle_timeout: 5s
          circuit_breaker: {failure_threshold: 3, recovery_timeout: 30s, success_threshold: 2}
          rate_limiting: {requests_per_minute: 500, tokens_per_minute: 200000}
          budget: {per_day: 50}
          models:
            gpt-5: {rate_limiting: {concurrent_requests: 5}, budget: {per_month: "12.50"}}
        claude:
          type: anthropic
        local:
          type: openai
          base_url: http://localhost:11434/v1
        rehearsal:
          type: scripted
          script: answers.yaml
      models:
        smart:
          primary: {provider: openai-main, model: gpt-5}
          fallbacks:
            - {provider: local, model: llama3, priority: 7}
            - {provider: claude, model: claude-sonnet, priority: 2}
          retry_policy: {max_retries: 1, failover_after: 250ms}
          timeout: 15s
          default_output_tokens: 500
          max_output_tokens: 4000
          cache_ttl: 10m
          patience: 3s
        cheap:
          primary: {provider: local, model: llama3}
      tenants:
        default: {rate_limiting: {requests_per_minute: 100}, budget: {per_day: 10, per_month: 100}}
        acme: {budget: {per_day: 1000}}
      agents:
        researcher: {rate_limiting: {requests_per_hour: 60}}
      keys:
        ci: {budget: {per_day: 1}}
      rate_limiting:
        requests_per_minute: 100
        requests_per_hour: 5000
        requests_per_day: 100000
        tokens_per_minute: 150000
        concurrent_requests: 20
      retry_policy: {max_retries: 3, strategy: exponential_backoff, base_delay: 1.0, max_delay: 60.0, jitter: true}
      budgets: {workflow: 25, agent: 0.5, alert_at: [0.9, 0.5]}
      cache: {ttl: 1h, max_bytes: 1000000}
      cost_tracking:
        model_costs:
          gpt-5: {input: 0.03, output: 0.06}
          claude-sonnet: {input: 3, output: 15, cached_input: 0.3, cache_write: 3.75, per: 1000000, source: the vendor's page, as_of: 2026-11-01}
          llama3: {input: 0, output: 0}
      """;

  private static GatewaySettings good(String text, Map<String, String> environment) {
    Read read = GatewayReader.read(text, environment);
    assertThat(read).isInstanceOf(Read.Good.class);
    return ((Read.Good) read).settings();
  }

  private static List<String> mistakes(String text, Map<String, String> environment) {
    Read read = GatewayReader.read(text, environment);
    assertThat(read).isInstanceOf(Read.Bad.class);
    return ((Read.Bad) read).mistakes().stream().map(Mistake::toString).toList();
  }

  @Test
  void everything_that_can_be_written_is_read() {
    GatewaySettings settings = good(WHOLE, KEYS);
    ProviderSettings openai = settings.providers().get("openai-main");
    assertThat(openai.timeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(openai.idleTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(openai.breaker()).isEqualTo(new Breaker.Rules(3, Duration.ofSeconds(30), 2));
    assertThat(openai.allowance().rates()).isEqualTo(new Rates(500, 0, 0, 200_000, 0));
    assertThat(openai.allowance().perDay()).isEqualTo(Money.dollars("50"));
    assertThat(openai.models().get("gpt-5").perMonth()).isEqualTo(Money.dollars("12.5"));
    assertThat(settings.providers().get("claude").apiKeyEnv()).isEqualTo("ANTHROPIC_API_KEY");
    assertThat(settings.providers().get("claude").allowance().rates())
        .as("the rates of all who have none of their own")
        .isEqualTo(new Rates(100, 5_000, 100_000, 150_000, 20));
    assertThat(settings.providers().get("rehearsal").source()).isEqualTo("answers.yaml");
    ModelSettings smart = settings.models().get("smart");
    assertThat(smart.choices())
        .containsExactly(
            new Choice("openai-main", "gpt-5", 0),
            new Choice("claude", "claude-sonnet", 2),
            new Choice("local", "llama3", 7));
    assertThat(smart.retries())
        .isEqualTo(
            new Retries(
                1, Duration.ofSeconds(1), Duration.ofSeconds(60), true, Duration.ofMillis(250)));
    assertThat(smart.cacheLife()).isEqualTo(Duration.ofMinutes(10));
    assertThat(settings.models().get("cheap").cacheLife()).isEqualTo(Duration.ofHours(1));
    assertThat(settings.budgets().alertAt()).containsExactly(0.5, 0.9);
    assertThat(settings.budgets().run()).isEqualTo(Money.dollars("25"));
  }

  @Test
  void prices_are_per_thousand_tokens_unless_they_say_otherwise() {
    GatewaySettings settings = good(WHOLE, KEYS);
    Usage thousand = new Usage(1_000, 0, 0, 1_000, 0, true);
    assertThat(settings.prices().get("gpt-5").of(thousand)).isEqualTo(Money.dollars("0.09"));
    assertThat(settings.prices().get("claude-sonnet").of(thousand))
        .isEqualTo(Money.dollars("0.018"));
  }

  @Test
  void variables_win_over_what_is_written() {
    Map<String, String> environment =
        Map.ofEntries(
            Map.entry("RATE_LIMIT_RPM", "60"),
            Map.entry("RATE_LIMIT_RPH", "3000"),
            Map.entry("RATE_LIMIT_RPD", "50000"),
            Map.entry("RATE_LIMIT_TPM", "100000"),
            Map.entry("RATE_LIMIT_CONCURRENT", "10"),
            Map.entry("DEFAULT_WORKFLOW_BUDGET", "100.0"),
            Map.entry("DEFAULT_AGENT_BUDGET", "2.0"),
            Map.entry("MAX_RETRIES", "5"),
            Map.entry("RETRY_BASE_DELAY", "0.5"),
            Map.entry("RETRY_MAX_DELAY", "30.0"));
    GatewaySettings settings =
        good(
            """
            providers: {local: {type: scripted, script: a.yaml}}
            models: {it: {primary: {provider: local, model: m}}}
            rate_limiting: {requests_per_minute: 7}
            """,
            environment);
    assertThat(settings.providers().get("local").allowance().rates())
        .isEqualTo(new Rates(60, 3_000, 50_000, 100_000, 10));
    assertThat(settings.budgets().run()).isEqualTo(Money.dollars("100"));
    assertThat(settings.budgets().agent()).isEqualTo(Money.dollars("2"));
    assertThat(settings.models().get("it").retries().most()).isEqualTo(5);
    assertThat(settings.models().get("it").retries().maxDelay()).hasSeconds(30);
  }

  @Test
  void an_empty_configuration_is_one_without_models() {
    assertThat(good("{}", Map.of()).models()).isEmpty();
    assertThat(good("{}", Map.of()).budgets().run()).isEqualTo(Money.dollars("100"));
  }

  @Test
  void every_mistake_is_told_with_its_place_and_what_would_mend_it() {
    String text =
        """
        provider: {}
        providers:
          main:
            type: opanai
            api_key_env: OPENAI_KEY
          other:
            type: gemini
            timeout: soon
            base_url: ftp://x
            drop_params: seed
          third: {type: openai, base_url: http://x, drop_params: [sed, max_tokens]}
          fourth: {type: anthropic, base_url: http://x, drop_params: [seed]}
        models:
          smart:
            primary: {provider: mian, model: gpt-5}
            default_output_tokens: 9000
          dull: {}
        rate_limiting: {requests_per_minute: 0}
        budgets: {alert_at: [2]}
        cost_tracking: {model_costs: {gpt-5: {input: 0.03}}}
        """;
    assertThat(mistakes(text, Map.of("RATE_LIMIT_RPM", "many")))
        .contains(
            "1:1 provider: unknown field 'provider' (did you mean 'providers'?)",
            "4:11 providers.main.type: 'opanai' is not one of openai, openai_responses, anthropic,"
                + " gemini, scripted, langchain4j (did you mean 'openai'?)",
            "5:18 providers.main.api_key_env: the environment variable OPENAI_KEY is not set",
            "8:14 providers.other.timeout: 'soon' is no duration (write one such as 90s, 1m30s,"
                + " 250ms, 2h, 3d, PT5M or a number of seconds)",
            "9:15 providers.other.base_url: this is no address of a server (write one such as"
                + " http://localhost:11434/v1, with no name and password)",
            "10:18 providers.other.drop_params: this is a text and should be a list such as"
                + " [temperature, seed]",
            "11:59 providers.third.drop_params[0]: 'sed' is not one of stream_options, seed,"
                + " temperature, top_p, stop, parallel_tool_calls, tool_choice, response_format"
                + " (did you mean 'seed'?)",
            "12:49 providers.fourth.drop_params: only providers of type openai and"
                + " openai_responses drop any",
            "15:25 models.smart.primary.provider: there is no provider 'mian' (did you mean"
                + " 'main'?)",
            "16:28 models.smart.default_output_tokens: this is more than max_output_tokens, 8192",
            "17:9 models.dull: the model has no primary",
            "18:38 rate_limiting.requests_per_minute: this should be a whole number from 1",
            "19:22 budgets.alert_at[0]: this should be a share above 0, up to 1",
            "environment.RATE_LIMIT_RPM: the environment variable should be a whole number")
        .anyMatch(each -> each.contains("the price of output tokens is not said"));
  }

  @Test
  void a_key_in_the_file_is_refused_and_never_shown() {
    List<String> mistakes =
        mistakes(
            """
            providers:
              one: {type: openai, api_key: sk-planted-secret}
              two: {type: openai, api_key_env: "sk-planted-secret"}
            """,
            KEYS);
    assertThat(mistakes)
        .anyMatch(each -> each.contains("a key does not belong in a file"))
        .anyMatch(each -> each.contains("should be the name of an environment variable"))
        .noneMatch(each -> each.contains("planted"));
  }

  @Test
  void the_vendors_usual_key_is_not_sent_to_another_address() {
    GatewaySettings settings = good(WHOLE, KEYS);
    assertThat(settings.providers().get("local").apiKeyEnv()).isEmpty();
  }
}
