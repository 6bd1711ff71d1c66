package dev.capstan.agents.crew;

import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Document;
import dev.capstan.kernel.document.Findings;
import dev.capstan.kernel.document.Places;
import dev.capstan.kernel.document.Reading;
import dev.capstan.plan.PlanReader;
import dev.capstan.plan.ToolCatalog;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Reads a crew, or a single agent, from YAML or JSON and makes its plan, which is checked as any
 * other: every mistake of both is told at its place in the crew. Serves all threads.
 */
public final class CrewReader {
  private static final int DEEPEST = 100;

  private final ToolCatalog tools;
  private final List<String> models;
  private final PlanReader plans;

  /**
   * @param tools with {@code agent} and {@code manager} among them
   * @param models that agents may ask, by name
   */
  public CrewReader(ToolCatalog tools, List<String> models) {
    this.tools = tools;
    this.models = List.copyOf(models);
    this.plans = new PlanReader(tools);
  }

  /** Whether the document is meant for a crew or an agent rather than for a plan. */
  public static boolean isCrew(JsonNode root) {
    boolean named = root.has("agents") || root.has("tasks") || root.has("role");
    return root.isObject() && named && !root.has("steps");
  }

  /** Whether the text is; what cannot be read is not. */
  public static boolean isCrew(String text) {
    // Most plans are told from crews without being read twice.
    if (!text.contains("agents") && !text.contains("tasks") && !text.contains("role")) {
      return false;
    }
    JsonNode root = Document.read(text, new Findings()).root();
    return root != null && isCrew(root);
  }

  /** Whether the text is one agent's. */
  public static boolean isAgent(String text) {
    JsonNode root = Document.read(text, new Findings()).root();
    return root != null && isSingle(root);
  }

  private static boolean isSingle(JsonNode root) {
    return root.has("role") && !root.has("agents") && !root.has("tasks");
  }

  /** Reads YAML or JSON text. Never throws for what is in the text. */
  public PlanReader.Read read(String text) {
    return read(text, "");
  }

  /**
   * The same.
   *
   * @param name what it is called when it does not say so itself; may be empty
   */
  public PlanReader.Read read(String text, String name) {
    Findings findings = new Findings();
    Document document = Document.read(text, findings);
    JsonNode root = document.root();
    if (root == null || !findings.isEmpty()) {
      return new PlanReader.Read.Invalid(findings.mistakes(document.places()));
    }
    return read(root, document.places(), name);
  }

  /** Reads what is JSON already, such as a crew inside a request. */
  public PlanReader.Read read(JsonNode document) {
    return read(document, new Places(), "");
  }

  private PlanReader.Read read(JsonNode root, Places places, String name) {
    Findings findings = new Findings();
    if (isDeeper(root, DEEPEST)) {
      findings.add(At.ROOT, "the crew nests too deep");
      return new PlanReader.Read.Invalid(findings.mistakes(places));
    }
    CrewDecoder decoder = new CrewDecoder(new Reading(findings), tools, models, name);
    Crew crew = isSingle(root) ? decoder.single(root) : decoder.crew(root);
    if (!findings.isEmpty()) {
      return new PlanReader.Read.Invalid(findings.mistakes(places));
    }
    CrewPlan.Written written = CrewPlan.of(crew);
    return switch (plans.read(written.plan())) {
      case PlanReader.Read.Valid valid -> valid;
      case PlanReader.Read.Invalid invalid -> {
        for (Mistake mistake : invalid.mistakes()) {
          findings.add(
              written.origins().of(mistake.path()),
              mistake.message(),
              Optional.ofNullable(mistake.suggestion()));
        }
        yield new PlanReader.Read.Invalid(findings.mistakes(places));
      }
    };
  }

  private static boolean isDeeper(JsonNode node, int depth) {
    if (depth == 0) {
      return true;
    }
    for (JsonNode child : node.values()) {
      if (child.isContainer() && isDeeper(child, depth - 1)) {
        return true;
      }
    }
    return false;
  }
}
