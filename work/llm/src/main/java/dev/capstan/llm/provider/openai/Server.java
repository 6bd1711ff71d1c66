package dev.capstan.llm.provider.openai;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whose chat completions they are: what resembles OpenAI's is not the same everywhere. */
enum Server {
  OPENAI,
  /** OpenAI's models at Microsoft: the newer ones refuse the bound of output by its old name. */
  AZURE,
  /** Refuses every field that it does not know, and tells the usage of streams unasked. */
  MISTRAL,
  /** Wants its thoughts back, be they none, in each turn that asked for tools. */
  DEEPSEEK,
  /** Ollama, vLLM, llama.cpp, OpenRouter and many more. */
  COMPATIBLE;

  /** Who is at this address; null is OpenAI's own. */
  static Server at(@Nullable URI base) {
    if (base == null) {
      return OPENAI;
    }
    String host = "." + String.valueOf(base.getHost()).toLowerCase(Locale.ROOT);
    if (host.endsWith(".openai.com")) {
      return OPENAI;
    }
    if (host.endsWith(".openai.azure.com")) {
      return AZURE;
    }
    if (host.endsWith(".mistral.ai")) {
      return MISTRAL;
    }
    return host.endsWith(".deepseek.com") ? DEEPSEEK : COMPATIBLE;
  }

  /** The bound of output tokens: a server that does not know the new name would not keep to it. */
  String bound() {
    return this == OPENAI || this == AZURE ? "max_completion_tokens" : "max_tokens";
  }

  String seed() {
    return this == MISTRAL ? "random_seed" : "seed";
  }

  /** Whether models want back what they thought, and ids are the vendor's own affair. */
  boolean resembles() {
    return this == COMPATIBLE || this == DEEPSEEK;
  }

  boolean isAskedForUsage() {
    return this != MISTRAL;
  }
}
