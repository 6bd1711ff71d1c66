package dev.capstan.llm.config;

import dev.capstan.kernel.Secret;
import dev.capstan.llm.provider.ModelProvider;
import dev.capstan.llm.provider.anthropic.Anthropic;
import dev.capstan.llm.provider.gemini.Gemini;
import dev.capstan.llm.provider.openai.OpenAi;
import dev.capstan.llm.provider.wire.Bounds;
import dev.capstan.llm.provider.wire.Dialect;
import dev.capstan.llm.provider.wire.Endpoint;
import dev.capstan.llm.provider.wire.TokenGauge;
import dev.capstan.llm.provider.wire.Wire;
import dev.capstan.llm.provider.wire.WireProvider;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opens the providers that are asked over the network, as they are configured. */
public final class Vendors {
  private static final String OPENAI = "https://api.openai.com/v1";

  private final Wire wire;
  private final Map<String, String> environment;
  private final TokenGauge gauge;

  /**
   * @param environment where the keys are
   * @param gauge of what vendors do not count
   */
  public Vendors(Wire wire, Map<String, String> environment, TokenGauge gauge) {
    this.wire = wire;
    this.environment = Map.copyOf(environment);
    this.gauge = gauge;
  }

  /**
   * The provider of these settings. Its type must be a vendor's: {@code scripted} and {@code
   * langchain4j} are opened by whoever has the file or the model.
   */
  public ModelProvider open(ProviderSettings settings) {
    Secret key = Secret.of(environment.getOrDefault(settings.apiKeyEnv(), ""));
    URI base = base(settings.type(), settings.baseUrl());
    Endpoint endpoint = new Endpoint(settings.name(), base, key, Map.of());
    Dialect dialect = dialect(settings);
    if (!settings.dropped().isEmpty()) {
      dialect = new Dropping(dialect, settings.dropped());
    }
    return new WireProvider(wire, endpoint, dialect, Bounds.DEFAULT, gauge);
  }

  private static Dialect dialect(ProviderSettings settings) {
    return switch (settings.type()) {
      case OPENAI -> OpenAi.chatAt(settings.baseUrl());
      case OPENAI_RESPONSES -> OpenAi.responses();
      case ANTHROPIC -> Anthropic.messages();
      case GEMINI -> Gemini.generateContent();
      case SCRIPTED, LANGCHAIN4J ->
          throw new IllegalArgumentException(settings.name() + " is not asked over the network");
    };
  }

  /** The vendor's own address, or the one given, with the version that its paths begin with. */
  static URI base(ProviderSettings.Type type, @Nullable URI given) {
    return switch (type) {
      case ANTHROPIC -> versioned(given, "https://api.anthropic.com", "/v1");
      case GEMINI -> versioned(given, "https://generativelanguage.googleapis.com", "/v1beta");
      default -> given == null ? URI.create(OPENAI) : given;
    };
  }

  /** Anthropic's and Google's own clients are given addresses without a version; so may we be. */
  private static URI versioned(@Nullable URI given, String usual, String version) {
    String text = given == null ? usual : given.toString();
    String root = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    boolean hasVersion = root.matches(".*/v\\d+\\w*");
    return URI.create(hasVersion ? root : root + version);
  }
}
