package dev.capstan.agents.agent;

import dev.capstan.kernel.Json;
import dev.capstan.llm.chat.Message;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What an agent is told before its first turn. */
final class Briefing {
  private Briefing() {}

  static List<Message> of(AgentTask task) {
    return List.of(
        new Message.Instructions(instructions(task)), Message.User.says(assignment(task)));
  }

  private static String instructions(AgentTask task) {
    StringBuilder text = new StringBuilder("You are ").append(task.role()).append('.');
    if (task.backstory() != null) {
      text.append(' ').append(task.backstory());
    }
    text.append("\nYour goal: ").append(task.goal());
    if (!task.offered().isEmpty()) {
      text.append(
          "\nUse the tools that you are offered where they help. When a tool fails, read why and"
              + " try otherwise; never make the same call again with the same arguments.");
    }
    return text.toString();
  }

  private static String assignment(AgentTask task) {
    StringBuilder text = new StringBuilder(task.task());
    if (task.expectedOutput() != null) {
      text.append("\n\nA good answer is: ").append(task.expectedOutput());
    }
    if (task.context() != null && !task.context().isEmpty()) {
      text.append("\n\nWhat is known so far:");
      for (JsonNode known : task.context()) {
        text.append("\n---\n").append(known.isString() ? known.stringValue() : Json.write(known));
      }
    }
    return text.toString();
  }
}
