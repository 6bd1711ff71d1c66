package dev.capstan.agents.agent;

import dev.capstan.engine.step.Checkpoints;
import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.engine.step.Toolbox;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.plan.Effect;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The tools of one agent: what its model is offered, and what comes of its wishes. */
final class ToolUse implements Hands {
  private static final int LONGEST_RESULT = 64_000;

  private final Toolbox toolbox;
  private final List<String> offered;
  private final ToolCall step;

  /**
   * @param step the agent's own step, whose run, tenant and key its calls go by
   */
  ToolUse(Toolbox toolbox, List<String> offered, ToolCall step) {
    this.toolbox = toolbox;
    this.offered = offered;
    this.step = step;
  }

  @Override
  public List<ToolOffer> offers() {
    return offered.stream().map(this::offer).toList();
  }

  private ToolOffer offer(String name) {
    return toolbox
        .spec(name)
        .map(spec -> new ToolOffer(spec.name(), spec.description(), spec.input()))
        .orElseThrow(() ->
            Problem.of(ProblemCode.INVALID_INPUT, "there is no tool '" + name + "' for this agent")
                .refusal());
  }

  @Override
  public boolean isOnce(ToolRequest request) {
    return offered.contains(request.tool())
        && toolbox.spec(request.tool()).filter(spec -> spec.effect() == Effect.ONCE).isPresent();
  }

  @Override
  public void recall(ToolRequest request) {
    // What a tool did before is in its result.
  }

  /** No tool has it. */
  @Override
  public Optional<String> lastWord(Message.ToolResult result) {
    return Optional.empty();
  }

  @Override
  public Message.ToolResult use(Call call) throws InterruptedException {
    ToolRequest request = call.request();
    Optional<Tool> tool =
        offered.contains(request.tool()) ? toolbox.tool(request.tool()) : Optional.empty();
    if (tool.isEmpty()) {
      return Hands.failed(
          request, "there is no tool '" + request.tool() + "'; you may use: " + offered);
    }
    JsonNode arguments;
    try {
      arguments = request.arguments().isBlank() ? Json.object() : Json.parse(request.arguments());
    } catch (Refusal broken) {
      return Hands.failed(request, "the arguments are no JSON: " + broken.problem().detail());
    }
    return switch (make(tool.get(), call.name(), arguments)) {
      case Outcome.Completed done -> Hands.done(request, shown(done.output()));
      case Outcome.Failed no -> Hands.failed(request, no.problem().toString());
      case Outcome.Unknown no -> Hands.failed(request, no.problem().toString());
    };
  }

  private Outcome make(Tool tool, String name, JsonNode arguments) throws InterruptedException {
    try {
      return tool.call(
          new ToolCall(
              step.run(),
              step.tenant(),
              step.step(),
              step.attempt(),
              step.idempotencyKey() + "/" + name,
              arguments,
              step.deadline(),
              step.pulse(),
              Checkpoints.NONE));
    } catch (Refusal refusal) {
      return Outcome.failed(refusal.problem());
    }
  }

  /** An output as the model is told it. */
  static String shown(JsonNode output) {
    String text = output.isString() ? output.stringValue() : Json.write(output);
    return text.length() <= LONGEST_RESULT
        ? text
        : text.substring(0, LONGEST_RESULT) + "… (" + text.length() + " characters in all)";
  }
}
