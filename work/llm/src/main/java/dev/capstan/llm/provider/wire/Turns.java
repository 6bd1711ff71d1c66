package dev.capstan.llm.provider.wire;

import tools.jackson.core.JsonGenerator;

/**
 * Writes messages for vendors that want two roles in turn: messages of one role that follow each
 * other, as the results of several tools do, make one.
 */
public final class Turns {
  private final JsonGenerator out;
  private final String content;
  private String role = "";

  /**
   * @param content what vendors call the list of a message's parts
   */
  public Turns(JsonGenerator out, String content) {
    this.out = out;
    this.content = content;
  }

  /** What is written from here on is this role's. */
  public void of(String next) {
    if (next.equals(role)) {
      return;
    }
    end();
    role = next;
    out.writeStartObject();
    out.writeStringProperty("role", role);
    out.writeArrayPropertyStart(content);
  }

  /** Ends the message that is open, if one is. */
  public void end() {
    if (!role.isEmpty()) {
      out.writeEndArray();
      out.writeEndObject();
      role = "";
    }
  }
}
