package dev.capstan.agents;

/** Models like to put JSON into a code block, whatever they are told. */
public final class CodeBlock {
  private static final String FENCE = "```";

  private CodeBlock() {}

  /** What stands in the block, when the text is nothing but one; else the text, without blanks. */
  public static String inside(String text) {
    String plain = text.strip();
    if (!plain.startsWith(FENCE) || !plain.endsWith(FENCE) || plain.length() < 6) {
      return plain;
    }
    int line = plain.indexOf('\n');
    return line < 0 ? plain : plain.substring(line + 1, plain.length() - 3).strip();
  }
}
