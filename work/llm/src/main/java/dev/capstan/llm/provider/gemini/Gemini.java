package dev.capstan.llm.provider.gemini;

import dev.capstan.llm.provider.wire.Dialect;

/** Gemini's dialect, for a {@link dev.capstan.llm.provider.wire.WireProvider}. */
public final class Gemini {
  private Gemini() {}

  /** generateContent; base {@code https://generativelanguage.googleapis.com/v1beta}. */
  public static Dialect generateContent() {
    return new GeminiDialect();
  }
}
