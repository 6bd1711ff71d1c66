package dev.capstan.llm.provider;

import dev.capstan.kernel.Secret;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.provider.anthropic.Anthropic;
import dev.capstan.llm.provider.gemini.Gemini;
import dev.capstan.llm.provider.openai.OpenAi;
import dev.capstan.llm.provider.wire.Bounds;
import dev.capstan.llm.provider.wire.Dialect;
import dev.capstan.llm.provider.wire.Endpoint;
import dev.capstan.llm.provider.wire.TokenGauge;
import dev.capstan.llm.provider.wire.Wire;
import dev.capstan.llm.provider.wire.WireProvider;
import dev.capstan.twin.VendorTwin;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Every wire protocol of ours, and its varieties, asked at the twin. */
public enum Vendor {
  CHAT("/v1") {
    @Override
    Dialect dialect() {
      return OpenAi.chat();
    }
  },
  COMPATIBLE("/v1") {
    @Override
    Dialect dialect() {
      return OpenAi.compatible();
    }
  },
  DEEPSEEK("/deepseek/v1") {
    @Override
    Dialect dialect() {
      return OpenAi.chatAt(URI.create("https://api.deepseek.com/v1"));
    }
  },
  MISTRAL("/mistral/v1") {
    @Override
    Dialect dialect() {
      return OpenAi.chatAt(URI.create("https://api.mistral.ai/v1"));
    }
  },
  RESPONSES("/v1") {
    @Override
    Dialect dialect() {
      return OpenAi.responses();
    }
  },
  MESSAGES("/v1") {
    @Override
    Dialect dialect() {
      return Anthropic.messages();
    }
  },
  GEMINI("/v1beta") {
    @Override
    Dialect dialect() {
      return Gemini.generateContent();
    }
  };

  /** Planted, and looked for wherever it must not be. */
  public static final String KEY = "sk-PLANTED-0123456789";

  private static final Duration LONG = Duration.ofSeconds(20);

  private final String version;

  Vendor(String version) {
    this.version = version;
  }

  abstract Dialect dialect();

  public static Wire wire() {
    return Wire.open(Duration.ofSeconds(5), InstantSource.system(), System::nanoTime);
  }

  public WireProvider at(VendorTwin twin, Wire wire) {
    return at(twin, wire, Bounds.DEFAULT);
  }

  WireProvider at(VendorTwin twin, Wire wire, Bounds bounds) {
    Endpoint endpoint = Endpoint.of(name(), twin.url() + version, Secret.of(KEY));
    return new WireProvider(wire, endpoint, dialect(), bounds, TokenGauge.BYTES);
  }

  public static ProviderCall ask(String model, boolean stream, Message... messages) {
    return new ProviderCall(
        model,
        List.of(messages),
        List.of(),
        Sampling.DEFAULT.withMaxOutputTokens(500),
        new AnswerFormat.FreeText(),
        stream,
        LONG,
        LONG);
  }

  static ProviderCall hurried(ProviderCall call, Duration timeout, Duration idle) {
    return new ProviderCall(
        call.model(),
        call.messages(),
        call.tools(),
        call.sampling(),
        call.format(),
        call.stream(),
        timeout,
        idle);
  }

  static ProviderCall with(ProviderCall call, ToolOffer... tools) {
    return new ProviderCall(
        call.model(),
        call.messages(),
        List.of(tools),
        call.sampling(),
        call.format(),
        call.stream(),
        call.timeout(),
        call.idleTimeout());
  }

  static ProviderCall with(ProviderCall call, AnswerFormat format) {
    return new ProviderCall(
        call.model(),
        call.messages(),
        call.tools(),
        call.sampling(),
        format,
        call.stream(),
        call.timeout(),
        call.idleTimeout());
  }

  static ProviderCall with(ProviderCall call, Sampling sampling) {
    return new ProviderCall(
        call.model(),
        call.messages(),
        call.tools(),
        sampling,
        call.format(),
        call.stream(),
        call.timeout(),
        call.idleTimeout());
  }
}
