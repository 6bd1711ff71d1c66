package dev.capstan.server.cases;

import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Reading;
import dev.capstan.kernel.document.Spelling;
import dev.capstan.plan.Plan;
import dev.capstan.plan.Step;
import dev.capstan.plan.Templates;
import dev.capstan.tools.SchemaCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what must be true of a run. */
final class AssertionReader {
  private static final List<String> KINDS =
      List.of("status", "output", "steps", "tools", "cost", "time");
  private static final List<String> STATUSES =
      List.of("completed", "completed_partially", "failed");

  private final Reading reading;
  private final List<Assertion> asserts = new ArrayList<>();

  AssertionReader(Reading reading) {
    this.reading = reading;
  }

  List<Assertion> read(@Nullable JsonNode list, @Nullable Plan plan) {
    At at = At.ROOT.field("asserts");
    if (list != null && !list.isArray()) {
      reading.wrong(list, at, "a list of assertions");
    } else if (list == null || list.isEmpty()) {
      reading.findings().add(list == null ? At.ROOT : at, "the case asserts nothing");
    } else {
      for (int i = 0; i < list.size(); i++) {
        JsonNode item = list.get(i);
        if (reading.object(item, at.item(i), KINDS)) {
          for (Map.Entry<String, JsonNode> field : item.properties()) {
            read(field.getKey(), field.getValue(), at.item(i).field(field.getKey()), plan);
          }
        }
      }
    }
    return asserts;
  }

  private void read(String kind, JsonNode value, At at, @Nullable Plan plan) {
    switch (kind) {
      case "status" -> status(value, at);
      case "output" -> output(value, at);
      case "steps" -> steps(value, at, plan);
      case "tools" -> tools(value, at);
      case "cost" -> {
        if (reading.object(value, at, List.of("max")) && isThere(value, "max", at)) {
          asserts.add(
              new Assertion.MostCost(
                  new RecordingReader(reading).money(value.get("max"), at.field("max"))));
        }
      }
      case "time" -> {
        if (reading.object(value, at, List.of("max")) && isThere(value, "max", at)) {
          Duration most = reading.duration(value.get("max"), at.field("max"));
          asserts.add(new Assertion.MostTime(most == null ? Duration.ZERO : most));
        }
      }
      default -> {
        // Said to be unknown already.
      }
    }
  }

  private boolean isThere(JsonNode node, String name, At at) {
    if (!node.has(name)) {
      reading.findings().add(at, "there is no " + name);
    }
    return node.has(name);
  }

  private void status(JsonNode value, At at) {
    String text = reading.text(value, at);
    if (text != null && !STATUSES.contains(text)) {
      reading
          .findings()
          .add(
              at,
              "'" + Reading.shortened(text) + "' is not one of " + String.join(", ", STATUSES),
              Spelling.suggestion(text, STATUSES));
    } else if (text != null) {
      asserts.add(new Assertion.HasStatus(text));
    }
  }

  private void output(JsonNode value, At at) {
    List<String> kinds = List.of("equals", "jsonata", "schema", "judge");
    if (!reading.object(value, at, kinds)) {
      return;
    }
    if (value.isEmpty()) {
      reading.findings().add(at, "this should be one of " + String.join(", ", kinds));
    }
    if (value.has("equals")) {
      asserts.add(new Assertion.OutputEquals(value.get("equals")));
    }
    if (value.has("jsonata")) {
      expression(value.get("jsonata"), at.field("jsonata"));
    }
    if (value.has("schema")) {
      try {
        asserts.add(new Assertion.OutputFits(SchemaCheck.of(value.get("schema"))));
      } catch (IllegalArgumentException broken) {
        reading.findings().add(at.field("schema"), String.valueOf(broken.getMessage()));
      }
    }
    JsonNode judge = value.get("judge");
    At place = at.field("judge");
    if (judge != null && judge.isString()) {
      asserts.add(new Assertion.Judged(judge.stringValue(), null));
    } else if (judge != null
        && reading.object(judge, place, List.of("rubric", "model"))
        && isThere(judge, "rubric", place)) {
      String rubric = reading.text(judge.get("rubric"), place.field("rubric"));
      asserts.add(
          new Assertion.Judged(
              rubric == null ? "" : rubric,
              reading.text(judge.get("model"), place.field("model"))));
    }
  }

  private void expression(JsonNode value, At at) {
    String source = reading.text(value, at);
    if (source == null) {
      return;
    }
    try {
      asserts.add(new Assertion.OutputHolds(source, Templates.expression(source)));
    } catch (Refusal broken) {
      reading.findings().add(at, broken.problem().detail());
    }
  }

  private void steps(JsonNode value, At at, @Nullable Plan plan) {
    if (reading.object(value, at, List.of("ran", "not_ran", "order"))) {
      asserts.add(
          new Assertion.StepsRan(
              names(value, "ran", at, plan),
              names(value, "not_ran", at, plan),
              names(value, "order", at, plan)));
    }
  }

  private List<String> names(JsonNode node, String field, At at, @Nullable Plan plan) {
    List<String> names = new ArrayList<>();
    JsonNode list = node.get(field);
    At place = at.field(field);
    if (list != null && !list.isArray()) {
      reading.wrong(list, place, "a list of names");
    } else if (list != null) {
      for (int i = 0; i < list.size(); i++) {
        String name = reading.text(list.get(i), place.item(i));
        if (name != null && plan != null && !plan.has(name)) {
          List<String> steps = plan.steps().stream().map(Step::id).toList();
          Optional<String> near = Spelling.suggestion(name, steps);
          reading
              .findings()
              .add(place.item(i), "the plan has no step '" + Reading.shortened(name) + "'", near);
        }
        names.add(name == null ? "" : name);
      }
    }
    return names;
  }

  private void tools(JsonNode value, At at) {
    if (!reading.object(value, at, List.of("called", "not_called"))) {
      return;
    }
    Map<String, Assertion.Times> called = new LinkedHashMap<>();
    JsonNode wanted = value.get("called");
    if (wanted != null && wanted.isArray()) {
      names(value, "called", at, null)
          .forEach(tool -> called.put(tool, new Assertion.Times(1, Integer.MAX_VALUE)));
    } else if (wanted != null && wanted.isObject()) {
      wanted
          .properties()
          .forEach(field ->
              called.put(
                  field.getKey(),
                  times(field.getValue(), at.field("called").field(field.getKey()))));
    } else if (wanted != null) {
      reading.wrong(wanted, at.field("called"), "a list of tools, or how often each is called");
    }
    asserts.add(new Assertion.ToolsCalled(called, names(value, "not_called", at, null)));
  }

  private Assertion.Times times(JsonNode value, At at) {
    int most = 1_000_000;
    if (value.isObject()) {
      reading.object(value, at, List.of("min", "max"));
      return new Assertion.Times(
          reading.integer(value.get("min"), at.field("min"), 0, most, 0),
          reading.integer(value.get("max"), at.field("max"), 0, most, Integer.MAX_VALUE));
    }
    int exactly = reading.integer(value, at, 0, most, 1);
    return new Assertion.Times(exactly, exactly);
  }
}
