package dev.capstan.tools;

import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.plan.ToolSpec;
import java.util.List;
import java.util.stream.Collectors;

/** A tool that is given nothing and returns nothing but what its schemas say. */
final class CheckedTool implements Tool {
  private final Tool tool;
  private final ToolSpec spec;
  private final SchemaCheck input;
  private final SchemaCheck output;

  /** Throws {@link IllegalArgumentException} when a schema is none. */
  CheckedTool(Tool tool) {
    this.tool = tool;
    this.spec = tool.spec();
    this.input = SchemaCheck.of(spec.input());
    this.output = SchemaCheck.of(spec.output());
  }

  Tool unchecked() {
    return tool;
  }

  @Override
  public ToolSpec spec() {
    return spec;
  }

  @Override
  public Outcome call(ToolCall call) throws InterruptedException {
    List<Mistake> unfit = input.mistakes(call.input());
    if (!unfit.isEmpty()) {
      return Outcome.failed(problem(ProblemCode.INVALID_INPUT, "the input of ", unfit));
    }
    Outcome outcome = tool.call(call);
    if (!(outcome instanceof Outcome.Completed completed)) {
      return outcome;
    }
    List<Mistake> wrong = output.mistakes(completed.output());
    // The tool has a defect, and what it did is done: doing it again would not mend it.
    return wrong.isEmpty()
        ? outcome
        : new Outcome.Failed(problem(ProblemCode.TOOL_FAILED, "the output of ", wrong), false);
  }

  private Problem problem(ProblemCode code, String what, List<Mistake> mistakes) {
    String all = mistakes.stream().map(Mistake::toString).collect(Collectors.joining("; "));
    return Problem.of(code, what + spec.name() + " does not fit its schema: " + all, mistakes);
  }
}
