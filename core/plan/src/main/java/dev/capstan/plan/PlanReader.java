package dev.capstan.plan;

import dev.capstan.kernel.Mistake;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads a plan from YAML or JSON and checks it against the tools there are. */
@SuppressWarnings({"DoNotCallSuggester", "ObjectToString"})
public final class PlanReader {
  private final ToolCatalog tools;

  public PlanReader(ToolCatalog tools) {
    this.tools = tools;
  }

  /** What came of reading: a plan, or every mistake in it. */
  public sealed interface Read {
    record Valid(Plan plan) implements Read {}

    record Invalid(List<Mistake> mistakes) implements Read {}
  }

  /**
   * Reads YAML or JSON text. Never throws for what is in the text, however broken, hostile or
   * large.
   */
  public Read read(String text) {
    throw new UnsupportedOperationException(text + tools);
  }

  /** Reads a plan that is already JSON, such as one inside a request. */
  public Read read(JsonNode document) {
    return read(document.toString());
  }
}
