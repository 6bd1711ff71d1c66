package dev.capstan.agents.replay;

import dev.capstan.agents.agent.Call;
import dev.capstan.agents.agent.Calls;
import dev.capstan.agents.agent.ModelTool;
import dev.capstan.engine.step.Outcome;
import dev.capstan.journal.Checkpoint;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Usage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Gathers a {@link Recording} from what a run's journal says, told here in its order. */
public final class Recorder {
  private final List<RecordedAnswer> answers = new ArrayList<>();
  private final List<RecordedResult> results = new ArrayList<>();
  private final List<RecordedNote> notes = new ArrayList<>();
  private final Map<String, Integer> failures = new HashMap<>();
  private final Map<String, Integer> turns = new HashMap<>();
  private final Map<String, Call> begun = new HashMap<>();
  private final Map<String, Calls> calls = new HashMap<>();

  /** An agent kept something. */
  public void kept(String step, Checkpoint checkpoint) {
    switch (lastWord(checkpoint.key())) {
      case "turn" -> {
        turns.merge(step, 1, Integer::sum);
        RecordedAnswer.Spoke spoke =
            Json.mapper().treeToValue(checkpoint.value(), RecordedAnswer.Spoke.class);
        answers.add(new RecordedAnswer(step, attempt(step), agent(checkpoint), null, spoke));
        calls(step, checkpoint).said(spoke.message().toolRequests());
      }
      case "begun" ->
          calls(step, checkpoint)
              .openBy(checkpoint.value().path("request").asString(""))
              .ifPresent(call -> begun.put(place(step, checkpoint), call));
      case "summary" ->
          answers.add(
              new RecordedAnswer(step, attempt(step), agent(checkpoint), null, notes(checkpoint)));
      case "result" -> {
        Message.ToolResult result =
            Json.mapper().treeToValue(checkpoint.value(), Message.ToolResult.class);
        String call =
            calls(step, checkpoint)
                .answered(result.request())
                .map(Call::name)
                .orElse(result.request());
        results.add(
            new RecordedResult(
                step, within(checkpoint) + call, result.tool(), null, outcome(result)));
        begun.remove(place(step, checkpoint));
      }
      case "remark", "asked" -> {
        // They follow from what was answered.
      }
      default -> notes.add(new RecordedNote(step, checkpoint.key(), checkpoint.value()));
    }
  }

  /** Whose it is: the step's own agent's, or one's within it. */
  private static String place(String step, Checkpoint kept) {
    return step + ' ' + within(kept);
  }

  /** The words before its own, of what is kept of an agent within an agent. */
  private static String within(Checkpoint kept) {
    return kept.key().substring(0, kept.key().length() - lastWord(kept.key()).length());
  }

  private static @Nullable String agent(Checkpoint kept) {
    return kept.value().path("agent").asString(null);
  }

  /** The calls of whoever keeps this, by the names that they have when it is played. */
  private Calls calls(String step, Checkpoint kept) {
    return calls.computeIfAbsent(place(step, kept), fresh -> new Calls());
  }

  /**
   * A person counted as failed what an agent had asked them about: the call that broke off has no
   * result, and the step ends with it.
   */
  public void givenUp(String step, String tool, Problem problem) {
    Outcome lost = new Outcome.Failed(problem, false);
    begun.forEach((place, call) -> {
      if (place.startsWith(step + ' ')) {
        String name = place.substring(step.length() + 1) + call.name();
        results.add(new RecordedResult(step, name, call.request().tool(), null, lost));
      }
    });
    failed(step, tool, problem, false);
  }

  /** An agent's notes are kept as what became of the model's answer. */
  private static RecordedAnswer.Spoke notes(Checkpoint checkpoint) {
    Notes notes = Json.mapper().treeToValue(checkpoint.value(), Notes.class);
    return new RecordedAnswer.Spoke(
        Message.Assistant.says(notes.text()),
        FinishReason.STOP,
        notes.usage(),
        notes.provider(),
        notes.model(),
        notes.cost());
  }

  private record Notes(String text, Usage usage, String provider, String model, Money cost) {}

  /** What is kept of an agent within an agent has the other's words before its own. */
  private static String lastWord(String key) {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  private int attempt(String step) {
    return failures.getOrDefault(step, 0) + 1;
  }

  /** What a tool answered, read back from what the model was told of it. */
  private static Outcome outcome(Message.ToolResult result) {
    String content = result.content();
    if (!result.failed()) {
      return Outcome.completed(asJson(content));
    }
    int colon = content.indexOf(": ");
    String code = colon < 0 ? "" : content.substring(0, colon);
    Problem problem =
        ProblemCode.ofWireName(code).wireName().equals(code)
            ? Problem.of(ProblemCode.ofWireName(code), content.substring(colon + 2))
            : Problem.of(ProblemCode.TOOL_FAILED, content);
    return new Outcome.Failed(problem, false);
  }

  /** JSON where that is written as it stands here, otherwise a text. */
  private static JsonNode asJson(String content) {
    if (content.startsWith("{") || content.startsWith("[")) {
      try {
        JsonNode value = Json.parse(content);
        return Json.write(value).equals(content) ? value : Json.text(content);
      } catch (Refusal text) {
        return Json.text(content);
      }
    }
    return Json.text(content);
  }

  /** The step's tool answered; what an agent answers follows from its turns, if any are known. */
  public void completed(String step, String tool, JsonNode output) {
    if (!turns.containsKey(step)) {
      results.add(new RecordedResult(step, "", tool, null, Outcome.completed(output)));
    }
  }

  /**
   * An attempt at the step failed.
   *
   * @param again whether another one was to follow
   */
  public void failed(String step, String tool, Problem problem, boolean again) {
    // What an agent answers follows from what its model does.
    if (ModelTool.isNamed(tool)) {
      answers.add(
          new RecordedAnswer(step, attempt(step), null, null, new RecordedAnswer.Fell(problem)));
    } else {
      results.add(new RecordedResult(step, "", tool, null, new Outcome.Failed(problem, again)));
    }
    failures.merge(step, 1, Integer::sum);
  }

  public Recording recording() {
    return new Recording(answers, results, notes);
  }
}
