package dev.capstan.llm.provider.scripted;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Document;
import dev.capstan.kernel.document.Findings;
import dev.capstan.kernel.document.Reading;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The rules by which a {@link ScriptedProvider} answers, in YAML or JSON; the first that matches
 * does. {@code docs/scripted-models.md} describes every field.
 */
public final class ModelScript {
  private final List<Rule> rules;

  private ModelScript(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * Reads a script. Throws a {@link dev.capstan.kernel.Refusal} of {@code invalid_request} that
   * tells every mistake with its place.
   */
  public static ModelScript read(String text) {
    Findings findings = new Findings();
    Document document = Document.read(text, findings);
    List<Rule> rules = new ArrayList<>();
    JsonNode root = document.root();
    if (root != null) {
      Reading reading = new Reading(findings);
      if (reading.object(root, At.ROOT, List.of("rules"))) {
        rules(root.path("rules"), reading, rules);
      }
    }
    if (!findings.isEmpty()) {
      throw Problem.of(
              ProblemCode.INVALID_REQUEST,
              "the model's script has mistakes",
              findings.mistakes(document.places()))
          .refusal();
    }
    return new ModelScript(rules);
  }

  private static void rules(JsonNode list, Reading reading, List<Rule> rules) {
    At at = At.ROOT.field("rules");
    if (!list.isArray() || list.isEmpty()) {
      reading.findings().add(At.ROOT, "the script has no list of rules");
      return;
    }
    RuleReader reader = new RuleReader(reading);
    for (int i = 0; i < list.size(); i++) {
      Rule rule = reader.read(list.path(i), at.item(i));
      if (rule != null) {
        rules.add(rule);
      }
    }
  }

  /** Always this answer, whatever is asked. */
  public static ModelScript always(String answer) {
    Rule.Match any = new Rule.Match("", null, 0, "", "", "");
    return new ModelScript(
        List.of(
            new Rule(
                any,
                answer,
                List.of(),
                null,
                0,
                null,
                java.time.Duration.ZERO,
                null,
                null,
                false,
                0)));
  }

  List<Rule> rules() {
    return rules;
  }
}
