package dev.capstan.plan;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Findings;
import dev.capstan.kernel.document.Places;
import dev.capstan.kernel.document.Reading;
import dev.capstan.kernel.document.Spelling;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Checks what a run is given against the inputs that its plan declares. */
public final class InputCheck {
  private InputCheck() {}

  /** What came of checking. */
  public sealed interface Checked {
    /** The inputs as the run sees them, what was left out filled in. */
    record Fit(ObjectNode inputs) implements Checked {}

    /** Every mistake, with paths such as {@code inputs.version}. */
    record Unfit(List<Mistake> mistakes) implements Checked {}
  }

  /** {@code given} is an object, or null or JSON null for none. */
  public static Checked check(Plan plan, @Nullable JsonNode given) {
    Findings findings = new Findings();
    At at = At.ROOT.field("inputs");
    ObjectNode inputs = Json.object();
    if (given != null && !given.isNull() && !given.isObject()) {
      new Reading(findings).wrong(given, at, "an object of inputs by name");
      return new Checked.Unfit(findings.mistakes(new Places()));
    }
    JsonNode values = given == null || given.isNull() ? Json.object() : given;
    Map<String, InputSpec> known = new TreeMap<>();
    plan.inputs().forEach(spec -> known.put(spec.name(), spec));
    for (String name : values.propertyNames()) {
      if (!known.containsKey(name)) {
        findings.addKey(
            at.field(name),
            "the plan has no input '" + Reading.shortened(name) + "'",
            Spelling.suggestion(name, known.keySet()));
      }
    }
    for (InputSpec spec : plan.inputs()) {
      input(spec, values.get(spec.name()), at.field(spec.name()), findings, inputs);
    }
    return findings.isEmpty()
        ? new Checked.Fit(inputs)
        : new Checked.Unfit(findings.mistakes(new Places()));
  }

  private static void input(
      InputSpec spec, @Nullable JsonNode value, At at, Findings findings, ObjectNode inputs) {
    if (value == null) {
      if (spec.fallback() != null) {
        inputs.set(spec.name(), spec.fallback());
      } else if (spec.required()) {
        findings.add(at, "the input '" + spec.name() + "' is missing");
      }
    } else if (!Types.fits(value, spec.type())) {
      findings.add(
          at,
          "type mismatch: this is "
              + Reading.kind(value)
              + " and should be "
              + spec.type().wireName());
    } else {
      inputs.set(spec.name(), value);
    }
  }
}
