package dev.capstan.twin;

/** The wire protocols that the twin speaks. */
public enum Api {
  /** {@code POST /v1/chat/completions}. */
  OPENAI_CHAT,
  /** {@code POST /v1/responses}. */
  OPENAI_RESPONSES,
  /** {@code POST /v1/messages}. */
  ANTHROPIC,
  /** {@code POST /v1beta/models/{model}:generateContent} and {@code :streamGenerateContent}. */
  GEMINI
}
