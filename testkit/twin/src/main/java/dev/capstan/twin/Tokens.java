package dev.capstan.twin;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The twin's tokenizer: up to four characters make a token; a surrogate pair is never split. */
final class Tokens {
  private static final int LONGEST = 4;

  private Tokens() {}

  static int of(String text) {
    int tokens = 0;
    for (int at = 0; at < text.length(); at = endOfToken(text, at)) {
      tokens++;
    }
    return tokens;
  }

  /** The beginning of the text that is so many tokens long at most. */
  static String first(String text, int tokens) {
    int at = 0;
    for (int i = 0; i < tokens && at < text.length(); i++) {
      at = endOfToken(text, at);
    }
    return text.substring(0, at);
  }

  /** The text in pieces of so many tokens; joined they are the text. */
  static List<String> pieces(String text, int tokensPerPiece) {
    List<String> pieces = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      int from = at;
      for (int i = 0; i < tokensPerPiece && at < text.length(); i++) {
        at = endOfToken(text, at);
      }
      pieces.add(text.substring(from, at));
    }
    return pieces;
  }

  /**
   * What a request counts as: all that a model would be shown of it, which is its strings and the
   * schemas of its tools, and a little for each message. Never more than its bytes.
   */
  static int ofRequest(JsonNode body) {
    int tokens = 3;
    for (String shown :
        List.of(
            "messages",
            "input",
            "instructions",
            "system",
            "contents",
            "systemInstruction",
            "tools")) {
      tokens += ofValues(body.path(shown));
    }
    return tokens;
  }

  private static int ofValues(JsonNode value) {
    if (value.isString()) {
      return of(value.stringValue());
    }
    int tokens = 0;
    for (JsonNode inner : value) {
      tokens += ofValues(inner);
    }
    return tokens;
  }

  private static int endOfToken(String text, int from) {
    int to = Math.min(text.length(), from + LONGEST);
    boolean splits = to < text.length() && Character.isHighSurrogate(text.charAt(to - 1));
    return splits && to - 1 > from ? to - 1 : to;
  }
}
