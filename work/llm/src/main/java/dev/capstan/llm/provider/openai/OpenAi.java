package dev.capstan.llm.provider.openai;

import dev.capstan.llm.provider.wire.Dialect;

/** The dialects of OpenAI, for a {@link dev.capstan.llm.provider.wire.WireProvider}. */
public final class OpenAi {
  private OpenAi() {}

  /** Chat completions, as OpenAI has them; base {@code https://api.openai.com/v1}. */
  public static Dialect chat() {
    return new ChatDialect("openai", false);
  }

  /**
   * Chat completions as others offer them: Ollama, vLLM, llama.cpp, Azure, OpenRouter and many
   * more. Only fields are sent that all of them know; the bound of output tokens by its old name,
   * which a server that does not know the new one would not keep to.
   */
  public static Dialect compatible() {
    return new ChatDialect("openai", true);
  }

  /** The responses API, stateless; base {@code https://api.openai.com/v1}. */
  public static Dialect responses() {
    return new ResponsesDialect();
  }
}
