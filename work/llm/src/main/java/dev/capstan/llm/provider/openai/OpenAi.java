package dev.capstan.llm.provider.openai;

import dev.capstan.llm.chat.Message;
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

  /** What the model of this turn thought aloud; empty when that was nothing. */
  public static String thoughts(Message.Assistant said) {
    return Thoughts.of(said);
  }

  /** What a turn's model thought, as it is told by someone who does not say which model it was. */
  public static Message.Keepsake thought(String aloud) {
    return Thoughts.kept("", Thoughts.DEEPSEEKS, aloud);
  }
}
