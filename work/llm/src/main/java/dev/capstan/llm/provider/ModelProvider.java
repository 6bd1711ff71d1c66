package dev.capstan.llm.provider;

import dev.capstan.llm.chat.DeltaSink;

/**
 * Someone who answers conversations: a vendor's API at one address with one key, or a script.
 * Called from many virtual threads at once. It tries once: trying again, elsewhere or later, is the
 * gateway's.
 */
public interface ModelProvider {
  /** As configured, such as {@code openai-main}. */
  String name();

  /**
   * Whose wire protocol it speaks, by OpenTelemetry's {@code gen_ai.provider.name}: {@code openai},
   * {@code anthropic}, {@code gcp.gemini}, {@code scripted}.
   */
  String dialect();

  /**
   * Asks and returns within the call's deadline, whatever the other side does; every expected end
   * is a {@link Reply}. Deltas are told only for a call that streams. The interrupt of its thread
   * closes the connection.
   */
  Reply call(ProviderCall call, DeltaSink sink) throws InterruptedException;
}
