package dev.capstan.llm.provider.wire;

import java.nio.charset.StandardCharsets;

/** Counts tokens where the vendor did not say: never too few. */
@FunctionalInterface
public interface TokenGauge {
  /** A token is at least a byte, with every tokenizer that works on bytes. */
  TokenGauge BYTES = (model, text) -> text.getBytes(StandardCharsets.UTF_8).length;

  long tokens(String model, String text);
}
