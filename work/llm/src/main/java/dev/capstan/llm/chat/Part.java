package dev.capstan.llm.chat;

/** A piece of what a person says. */
public sealed interface Part {
  record Text(String text) implements Part {}

  /**
   * @param mediaType such as {@code image/png}
   * @param base64 its bytes
   */
  record Image(String mediaType, String base64) implements Part {}
}
