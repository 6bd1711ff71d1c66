package dev.capstan.agents.pattern;

import dev.capstan.agents.Planned;
import dev.capstan.agents.Planner;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.TenantId;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The planner that needs no model: understands prompts about calculations and todos, alone or
 * chained, and refuses the rest by its very words. Time is bounded by the prompt's length, which is
 * at most {@value #LONGEST} characters. Steps that need nothing of each other run in parallel.
 */
public final class PatternPlanner implements Planner {
  /** The longest prompt that is read, in characters. */
  public static final int LONGEST = 10_000;

  private static final String ABILITIES =
      "I can calculate (\"what is (17+25)*3?\", \"15% of 80\", \"multiply 10 by 5, then add 2\") and"
          + " keep todos (\"add buy milk to my todos\", \"list my todos\", \"complete todo 3\","
          + " \"rename todo 3 to …\", \"delete todo 2\"), also one after the other (\"add 2 and 3,"
          + " then add the result to my todos\").";

  @Override
  public String name() {
    return "pattern";
  }

  @Override
  public Planned plan(String prompt, TenantId tenant) {
    if (prompt.length() > LONGEST) {
      return refused(
          "the prompt is " + prompt.length() + " characters long; at most " + LONGEST + " are read",
          List.of());
    }
    PromptReader reader = new PromptReader(prompt);
    reader.read();
    if (!reader.mistakes().isEmpty()) {
      String parts =
          reader.mistakes().stream().map(Mistake::message).collect(Collectors.joining("; "));
      return refused(parts, reader.mistakes());
    }
    if (reader.commands().stream().allMatch(Command.Tell.class::isInstance)) {
      return refused("the prompt asks for nothing", List.of());
    }
    return new Planned.Understood(PlanWriter.write(prompt, reader.commands()), name());
  }

  private static Planned refused(String what, List<Mistake> mistakes) {
    String detail = what + ". " + ABILITIES;
    return new Planned.NotUnderstood(Problem.of(ProblemCode.NOT_UNDERSTOOD, detail, mistakes));
  }
}
