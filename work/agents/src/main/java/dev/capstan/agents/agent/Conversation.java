package dev.capstan.agents.agent;

import dev.capstan.journal.Checkpoint;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.chat.Usage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What was said so far, folded from what was kept: the same checkpoints give the same conversation,
 * whichever attempt reads them. A request that has no result yet is open; nothing else is said
 * before every one is closed.
 */
final class Conversation {
  /** A model's answer, as it is kept. */
  record Turn(
      Message.Assistant message,
      FinishReason finish,
      Usage usage,
      String provider,
      String model,
      Money cost) {}

  /** Something that was said to the model beyond the task: a mistake in its answer. */
  record Remark(String text) {}

  /** A call that must not be made twice is about to be made. */
  record Begun(String request) {}

  static final String TURN = "turn";
  static final String RESULT = "result";
  static final String REMARK = "remark";
  static final String BEGUN = "begun";

  private final List<Message> messages = new ArrayList<>();
  private final List<Turn> turns = new ArrayList<>();
  private final Set<String> begun = new HashSet<>();
  private List<ToolRequest> open = List.of();
  private int results;
  private int remarks;

  Conversation(List<Message> opening) {
    messages.addAll(opening);
  }

  /** Takes up what an earlier attempt has kept. */
  void recall(Checkpoint kept) {
    JsonNode value = kept.value();
    switch (kept.key()) {
      case TURN -> said(Json.mapper().treeToValue(value, Turn.class));
      case RESULT -> answered(Json.mapper().treeToValue(value, Message.ToolResult.class));
      case REMARK -> remarked(Json.mapper().treeToValue(value, Remark.class));
      case BEGUN -> begun(Json.mapper().treeToValue(value, Begun.class));
      default ->
          throw new IllegalStateException("an agent keeps nothing called '" + kept.key() + "'");
    }
  }

  void said(Turn turn) {
    turns.add(turn);
    messages.add(turn.message());
    open = List.copyOf(turn.message().toolRequests());
  }

  void answered(Message.ToolResult result) {
    messages.add(result);
    results++;
    open = open.stream().filter(request -> !request.id().equals(result.request())).toList();
  }

  void remarked(Remark remark) {
    messages.add(Message.User.says(remark.text()));
    remarks++;
  }

  void begun(Begun call) {
    begun.add(call.request());
  }

  /** Whether the call was about to be made once before, and nobody knows whether it was. */
  boolean hasBegun(ToolRequest request) {
    return begun.contains(request.id());
  }

  List<Message> messages() {
    return messages;
  }

  List<Turn> turns() {
    return turns;
  }

  /** What the model asked for and was not given yet, in its order. */
  List<ToolRequest> open() {
    return open;
  }

  int results() {
    return results;
  }

  int remarks() {
    return remarks;
  }

  /** Whether the last word is the model's, and it asks for nothing more. */
  boolean isAnswered() {
    return !messages.isEmpty()
        && messages.getLast() instanceof Message.Assistant said
        && said.toolRequests().isEmpty();
  }

  long inputTokens() {
    return turns.stream().mapToLong(turn -> turn.usage().inputTokens()).sum();
  }

  long outputTokens() {
    return turns.stream().mapToLong(turn -> turn.usage().outputTokens()).sum();
  }

  Money cost() {
    return turns.stream().map(Turn::cost).reduce(Money.ZERO, Money::plus);
  }
}
