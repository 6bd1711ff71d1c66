package dev.capstan.examples;

import dev.capstan.engine.step.Tool;
import dev.capstan.tools.Tools;

/** A tool of one's own: two records give it its schemas. */
public final class OwnTool {
  private OwnTool() {}

  record Guest(String name, int cups) {}

  record Greeting(String text) {}

  /** {@code tool: greet}, {@code input: {name: Ada, cups: 2}}. */
  public static Tool greet() {
    return Tools.pure(
        "greet",
        "Greets a guest.",
        Guest.class,
        Greeting.class,
        (guest, call) -> new Greeting("hello " + guest.name() + ", " + guest.cups() + " cups"));
  }
}
