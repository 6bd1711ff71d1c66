package dev.capstan.server.cases;

import dev.capstan.agents.crew.CrewReader;
import dev.capstan.agents.replay.Recording;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Document;
import dev.capstan.kernel.document.Findings;
import dev.capstan.kernel.document.Reading;
import dev.capstan.plan.InputCheck;
import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanReader;
import dev.capstan.plan.ToolCatalog;
import dev.capstan.server.rehearsal.Props;
import dev.capstan.server.rehearsal.Script;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads a case from YAML or JSON: the case, or every mistake in it with its place. */
final class CaseReader {
  private static final List<String> FIELDS =
      List.of(
          "format",
          "name",
          "recorded",
          "prompt",
          "inputs",
          "plan",
          "answers",
          "results",
          "notes",
          "given",
          "asserts");
  private static final Instant SOME_TIME = Instant.parse("2026-01-01T00:00:00Z");

  /** What came of reading. */
  sealed interface Read {
    record Valid(Case found) implements Read {}

    record Invalid(List<Mistake> mistakes) implements Read {}
  }

  private final Findings findings = new Findings();
  private final Reading reading = new Reading(findings);
  private final Function<String, String> files;

  private CaseReader(Function<String, String> files) {
    this.files = files;
  }

  /**
   * Reads a case. Never throws for what is in the text.
   *
   * @param files the text of a plan's file that the case names; throws a {@link Refusal} when it
   *     cannot be read
   */
  static Read read(String text, Function<String, String> files) {
    return new CaseReader(files).read(text);
  }

  private Read read(String text) {
    Document document = Document.read(text, findings);
    JsonNode root = document.root();
    if (root == null || !findings.isEmpty() || !reading.object(root, At.ROOT, FIELDS)) {
      return new Read.Invalid(findings.mistakes(document.places()));
    }
    if (!Case.FORMAT.equals(root.path("format").asString(""))) {
      findings.add(At.ROOT.field("format"), "this should be " + Case.FORMAT);
    }
    Recording recording = new RecordingReader(reading).read(root);
    Plan plan = plan(root.get("plan"), recording);
    JsonNode inputs = root.has("inputs") ? root.get("inputs") : Json.object();
    if (plan != null) {
      inputs = inputs(plan, inputs);
    }
    JsonNode recorded = root.path("recorded");
    Script.Given given = new GivenReader(reading).read(root.get("given"));
    List<Assertion> asserts = new AssertionReader(reading).read(root.get("asserts"), plan);
    RunId id = run(recorded.get("run"));
    Instant at = instant(recorded.get("at"));
    String name = reading.text(root.get("name"), At.ROOT.field("name"));
    String prompt = reading.text(root.get("prompt"), At.ROOT.field("prompt"));
    if (plan == null || !findings.isEmpty()) {
      return new Read.Invalid(findings.mistakes(document.places()));
    }
    Script script = new Script(id, TenantId.LOCAL, prompt, plan, inputs, at, recording, given);
    return new Read.Valid(new Case(name == null ? plan.header().name() : name, script, asserts));
  }

  // --- the plan ---

  private @Nullable Plan plan(@Nullable JsonNode source, Recording recording) {
    At at = At.ROOT.field("plan");
    if (source == null) {
      findings.add(At.ROOT, "the case has no plan");
      return null;
    }
    String text = source.isObject() ? null : file(source, at);
    JsonNode root = text == null ? source : Document.read(text, new Findings()).root();
    if (!source.isObject() && text == null) {
      return null;
    }
    ToolCatalog tools = Props.catalog(recording);
    PlanReader plans = new PlanReader(tools);
    CrewReader crews = new CrewReader(tools, models(root));
    boolean crew = root != null && CrewReader.isCrew(root);
    PlanReader.Read read =
        text == null
            ? crew ? crews.read(source) : plans.read(source)
            : crew ? crews.read(text) : plans.read(text);
    return switch (read) {
      case PlanReader.Read.Valid valid -> valid.plan();
      case PlanReader.Read.Invalid invalid -> {
        for (Mistake mistake : invalid.mistakes()) {
          if (source.isObject()) {
            findings.add(
                Path.along(at, mistake.path()),
                mistake.message(),
                Optional.ofNullable(mistake.suggestion()));
          } else {
            findings.add(at, source.stringValue() + ":" + mistake);
          }
        }
        yield null;
      }
    };
  }

  /** Whatever models it names: who answers is recorded. */
  private static List<String> models(@Nullable JsonNode root) {
    List<String> names = new ArrayList<>(List.of("default"));
    if (root != null) {
      root.findValues("model").stream()
          .filter(JsonNode::isString)
          .forEach(model -> names.add(model.stringValue()));
    }
    return names;
  }

  private @Nullable String file(JsonNode source, At at) {
    String name = reading.text(source, at);
    if (name == null) {
      return null;
    }
    try {
      return files.apply(name);
    } catch (Refusal unreadable) {
      findings.add(at, unreadable.problem().detail());
      return null;
    }
  }

  private JsonNode inputs(Plan plan, JsonNode inputs) {
    At at = At.ROOT.field("inputs");
    if (!inputs.isObject()) {
      reading.wrong(inputs, at, "an object with the run's inputs");
      return inputs;
    }
    return switch (InputCheck.check(plan, inputs)) {
      case InputCheck.Checked.Fit fit -> fit.inputs();
      case InputCheck.Checked.Unfit unfit -> {
        unfit
            .mistakes()
            .forEach(mistake -> findings.add(Path.along(at, mistake.path()), mistake.message()));
        yield inputs;
      }
    };
  }

  // --- where it comes from ---

  private RunId run(@Nullable JsonNode value) {
    At at = At.ROOT.field("recorded").field("run");
    String text = reading.text(value, at);
    try {
      return text == null ? new RunId(1) : RunId.parse(text);
    } catch (Refusal broken) {
      findings.add(at, broken.problem().detail());
      return new RunId(1);
    }
  }

  private Instant instant(@Nullable JsonNode value) {
    At at = At.ROOT.field("recorded").field("at");
    String text = reading.text(value, at);
    try {
      return text == null ? SOME_TIME : Instant.parse(text);
    } catch (DateTimeParseException broken) {
      findings.add(at, "this is no instant; one looks like 2026-11-21T12:00:00Z");
      return SOME_TIME;
    }
  }
}
