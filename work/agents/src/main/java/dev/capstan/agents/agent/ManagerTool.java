package dev.capstan.agents.agent;

import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.tools.Tools;
import java.util.List;

/**
 * The tool {@code manager}: a model in a role that has a task done by others. Each piece that it
 * gives away is as durable as its own turns.
 */
public final class ManagerTool {
  public static final String NAME = "manager";

  private ManagerTool() {}

  static Tool of(AgentHouse house) {
    return new ModelTool(
        Tools.idempotent(
            NAME,
            "A model in a role that has a task done by other agents, piece by piece.",
            ManagerTask.class,
            ManagerResult.class,
            (task, call) -> lead(task, call, house)));
  }

  private static ManagerResult lead(ManagerTask task, ToolCall call, AgentHouse house)
      throws InterruptedException {
    String mistake = task.mistake();
    if (!mistake.isEmpty()) {
      throw Problem.of(ProblemCode.INVALID_INPUT, mistake).refusal();
    }
    Delegations delegations = new Delegations(task, call, house);
    Hands hands = new LeadingHands(delegations, new LongTerm(task.own(), call, house).hands(house));
    AgentResult own = new AgentLoop(task.own(), call, house, hands, Briefing.of(task)).run();
    List<Conversation> workers = delegations.made().stream().map(Delegation::said).toList();
    return new ManagerResult(
        own.text(),
        own.output(),
        own.agent(),
        own.model(),
        own.finish(),
        own.turns(),
        delegations.made().stream().map(ManagerTool::told).toList(),
        own.inputTokens() + workers.stream().mapToLong(Conversation::inputTokens).sum(),
        own.outputTokens() + workers.stream().mapToLong(Conversation::outputTokens).sum(),
        workers.stream()
            .map(Conversation::cost)
            .reduce(Money.dollars(own.cost()), Money::plus)
            .toString());
  }

  private static ManagerResult.Delegated told(Delegation delegation) {
    return new ManagerResult.Delegated(
        delegation.number(),
        delegation.task().agent(),
        delegation.task().task(),
        delegation.said().turns().size());
  }
}
