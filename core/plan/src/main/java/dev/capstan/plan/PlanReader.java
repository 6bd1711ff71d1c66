package dev.capstan.plan;

import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Document;
import dev.capstan.kernel.document.Findings;
import dev.capstan.kernel.document.Places;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads a plan from YAML or JSON and checks it against the tools there are. Serves all threads. */
public final class PlanReader {
  private final ToolCatalog tools;
  private final ToolSchemas schemas = new ToolSchemas();

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
    Findings findings = new Findings();
    Document document = Document.read(text, findings);
    if (document.root() == null || !findings.isEmpty()) {
      return new Read.Invalid(findings.mistakes(document.places()));
    }
    return read(document.root(), document.places());
  }

  /** Reads a plan that is already JSON, such as one inside a request. */
  public Read read(JsonNode document) {
    return read(document, new Places());
  }

  private Read read(JsonNode root, Places places) {
    Findings findings = new Findings();
    if (PlanDecoder.isBottomless(root)) {
      findings.add(At.ROOT, "the plan nests too deep");
      return new Read.Invalid(findings.mistakes(places));
    }
    PlanCheck check = new PlanCheck(findings, tools, schemas);
    PlanDraft draft = new PlanDecoder(findings, check::finish).decode(root, At.ROOT, 0);
    Plan plan = check.finish(draft);
    return findings.isEmpty() ? new Read.Valid(plan) : new Read.Invalid(findings.mistakes(places));
  }
}
