package dev.capstan.llm.provider.anthropic;

import dev.capstan.llm.provider.wire.Dialect;

/** Anthropic's dialect, for a {@link dev.capstan.llm.provider.wire.WireProvider}. */
public final class Anthropic {
  private Anthropic() {}

  /** Messages; base {@code https://api.anthropic.com/v1}. */
  public static Dialect messages() {
    return new MessagesDialect();
  }
}
