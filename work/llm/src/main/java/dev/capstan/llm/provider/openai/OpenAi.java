package dev.capstan.llm.provider.openai;

import dev.capstan.llm.provider.wire.Dialect;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The dialects of OpenAI, for a {@link dev.capstan.llm.provider.wire.WireProvider}. */
public final class OpenAi {
  private OpenAi() {}

  /** Chat completions, as OpenAI has them; base {@code https://api.openai.com/v1}. */
  public static Dialect chat() {
    return new ChatDialect(Server.OPENAI);
  }

  /**
   * Chat completions as others offer them: Ollama, vLLM, llama.cpp, DeepSeek, OpenRouter and many
   * more. Only fields are sent that all of them know; the bound of output tokens by its old name,
   * which a server that does not know the new one would not keep to.
   */
  public static Dialect compatible() {
    return new ChatDialect(Server.COMPATIBLE);
  }

  /**
   * Chat completions as whoever is at this address wants them: OpenAI's own, Azure's, Mistral's, or
   * {@link #compatible} ones.
   *
   * @param base null for OpenAI's
   */
  public static Dialect chatAt(@Nullable URI base) {
    return new ChatDialect(Server.at(base));
  }

  /** The responses API, stateless; base {@code https://api.openai.com/v1}. */
  public static Dialect responses() {
    return new ResponsesDialect();
  }
}
