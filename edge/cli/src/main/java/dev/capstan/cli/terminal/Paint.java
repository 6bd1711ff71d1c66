package dev.capstan.cli.terminal;

/** Colours, or none of them. */
public enum Paint {
  ON,
  OFF;

  public String good(String text) {
    return dye("32", text);
  }

  public String bad(String text) {
    return dye("31", text);
  }

  public String warn(String text) {
    return dye("33", text);
  }

  public String live(String text) {
    return dye("36", text);
  }

  public String strong(String text) {
    return dye("1", text);
  }

  public String quiet(String text) {
    return dye("2", text);
  }

  private String dye(String code, String text) {
    return this == OFF || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}
