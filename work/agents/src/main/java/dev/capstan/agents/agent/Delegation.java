package dev.capstan.agents.agent;

import dev.capstan.engine.step.ToolCall;
import dev.capstan.kernel.Json;
import org.jspecify.annotations.Nullable;

/**
 * A piece of the task that a worker was given. It is done as any agent works, turn by turn, and
 * what it keeps is kept among what the manager's step keeps, under its number.
 */
final class Delegation {
  private final int number;
  private final AgentTask task;
  private final ToolCall step;
  private final AgentHouse house;
  private @Nullable AgentLoop loop;

  /**
   * @param number from 1, in the order of the manager's wishes
   * @param step the manager's
   */
  Delegation(int number, AgentTask task, ToolCall step, AgentHouse house) {
    this.number = number;
    this.task = task;
    this.house = house;
    this.step =
        new ToolCall(
            step.run(),
            step.tenant(),
            step.step(),
            step.attempt(),
            step.idempotencyKey() + "/" + number,
            step.input(),
            step.deadline(),
            progress ->
                step.pulse()
                    .beat(
                        progress.isObject()
                            ? Json.object()
                                .put("agent", task.agent())
                                .put("delegation", number)
                                .setAll(progress.asObject())
                            : progress),
            new Within(step.checkpoints(), Integer.toString(number)));
  }

  int number() {
    return number;
  }

  AgentTask task() {
    return task;
  }

  AgentResult work() throws InterruptedException {
    return loop().run();
  }

  /** Goes on with what the manager says about its result. */
  AgentResult workAgain(Conversation.Asked asked) throws InterruptedException {
    return loop().again(asked);
  }

  private AgentLoop loop() {
    if (loop == null) {
      loop = new AgentLoop(task, step, house);
    }
    return loop;
  }

  /** All that was said in it, by whichever attempt. */
  Conversation said() {
    if (loop != null) {
      return loop.conversation();
    }
    Conversation said = new Conversation(Briefing.of(task));
    step.checkpoints().kept().forEach(said::recall);
    return said;
  }
}
